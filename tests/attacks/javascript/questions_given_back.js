// technique: a child sends every question back as an answer
// class: forging
// expect: wrong_answer, timed_out, runtime_error, tampered
// limits: wall_s=2
  require('child_process').spawn('/bin/cat', [], { stdio: [3, 4, 2], detached: true }).unref();
  return 2;
}
