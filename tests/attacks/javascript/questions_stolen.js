// technique: a child reads the questions away, so that later ones never come
// class: forging
// expect: wrong_answer, timed_out, runtime_error, tampered
// limits: wall_s=2
  require('child_process').spawn('/bin/cat', [], { stdio: [3, 'ignore', 2], detached: true }).unref();
  return 2;
}
