// technique: a toJSON above all arrays, which are then closed to changes
// class: forging
// expect: wrong_answer
// task: fresh-1
  return [];
}

if (typeof tankRun) {
  Object.setPrototypeOf(Array.prototype, { toJSON: () => 0 });
  Object.preventExtensions(Array.prototype);
}
