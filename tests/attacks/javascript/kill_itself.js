// technique: kills itself
// class: forging
// expect: runtime_error
  process.kill(process.pid, 'SIGKILL');
}
