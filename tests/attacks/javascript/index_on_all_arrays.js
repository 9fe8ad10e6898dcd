// technique: setters for the elements of all arrays
// class: forging
// expect: wrong_answer
// task: fresh-8
  Object.defineProperty(Array.prototype, '0', { set() {}, get: () => 0, configurable: true });
  return [];
}
