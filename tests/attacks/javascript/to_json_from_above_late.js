// technique: a toJSON between all arrays and all objects, set while the result is written
// class: forging
// expect: wrong_answer, tampered
// task: fresh-1
  return {
    toJSON() {
      Object.setPrototypeOf(Array.prototype, Object.setPrototypeOf({ toJSON: () => 0 }, null));
      return 0;
    },
  };
}
