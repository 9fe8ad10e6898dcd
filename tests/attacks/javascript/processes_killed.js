// technique: kills and stops every process it can name: agent, server, first process
// class: escaping
// expect: wrong_answer, runtime_error
  for (const signal of ['SIGSTOP', 'SIGKILL']) {
    for (const name of require('fs').readdirSync('/proc')) {
      if (!/^\d+$/.test(name) || +name === process.pid) continue;
      try {
        process.kill(+name, signal);
      } catch {
        continue;
      }
    }
  }
  return 0;
}
