// technique: an inspector session in its own process evaluates an end with status 0
// class: forging
// expect: tampered, wrong_answer, runtime_error
  const session = new (require('inspector').Session)();
  session.connect();
  session.post('Runtime.evaluate', { expression: 'process.reallyExit(0)' });
  return 0;
}
