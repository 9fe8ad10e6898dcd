// technique: a sort that cannot be put back
// class: forging
// expect: wrong_answer
// task: fresh-5
  return {};
}

if (typeof unservedItems) {
  Object.defineProperty(Array.prototype, 'sort', { value: () => [], configurable: false, writable: false });
}
