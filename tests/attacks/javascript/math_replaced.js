// technique: Math.abs that is always zero
// class: forging
// expect: wrong_answer
// task: fresh-4
  Math.abs = () => 0;
  return 0;
}

Math.abs = () => 0;
globalThis.Math = { abs: () => 0 };
