// technique: a toJSON of all objects that cannot be removed
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-1
  Object.defineProperty(Object.prototype, 'toJSON', { value: () => 0, configurable: false });
  return [];
}
