// technique: a toJSON between all arrays and all objects
// class: forging
// expect: wrong_answer
// task: fresh-1
  return [];
}

if (typeof tankRun) {
  Object.setPrototypeOf(Array.prototype, { toJSON: () => 0 });
}
