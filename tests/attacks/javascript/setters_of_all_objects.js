// technique: properties of all objects named as what the harness keeps, and an element's setter that leaves
// class: forging
// expect: tampered, wrong_answer, runtime_error, timed_out
// limits: wall_s=4
  return 0;
}

for (const name of ['made', 'failed', 'tokens', 'at', 'bytes', 'number']) {
  Object.defineProperty(Object.prototype, name, { get: () => 0, set() {}, configurable: true });
}
Object.defineProperty(Array.prototype, '0', { set: () => process.reallyExit(0) });
