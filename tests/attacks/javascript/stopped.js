// technique: stops itself
// class: exhausting
// expect: timed_out
// limits: wall_s=2
  process.kill(process.pid, 'SIGSTOP');
  return 0;
}
