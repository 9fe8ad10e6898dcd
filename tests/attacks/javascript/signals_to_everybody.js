// technique: sends every signal to every process number
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
  for (const name of require('fs').readdirSync('/proc')) {
    for (const signal of ['SIGUSR1', 'SIGSTOP', 'SIGINT', 'SIGKILL']) {
      if (+name > 1 && +name !== process.pid) try { process.kill(+name, signal); } catch {}
    }
  }
  return 0;
}
