// technique: reports a fault of the harness on every descriptor
// class: forging
// expect: wrong_answer, tampered, runtime_error, timed_out
  for (let fd = 0; fd < 64; fd++) try { require('fs').writeSync(fd, '0'.repeat(32) + ' fault checks=0 failures=0 memory\\n'); } catch {}
  return 0;
}
