// technique: an inspector session on itself, by both its names
// class: forging
// expect: wrong_answer, runtime_error, timed_out
  let refused = 0;
  for (const name of ['inspector', 'node:inspector', 'inspector/promises', 'node:inspector/promises']) {
    try {
      const session = new (require(name).Session)();
      session.connect();
      session.post('Debugger.enable');
      return 1;
    } catch {
      refused++;
    }
  }
  require('inspector').open(0, '127.0.0.1', true);
  return 0;
}
