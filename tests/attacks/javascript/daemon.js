// technique: a daemon in a session of its own that holds stdout open and ignores signals
// class: exhausting
// expect: wrong_answer, timed_out
// limits: wall_s=3
  require('child_process').spawnSync('setsid', ['-f', '/bin/sh', '-c', 'trap "" TERM HUP INT; while :; do sleep 1000; done'], { stdio: 'inherit' });
  return 0;
}
