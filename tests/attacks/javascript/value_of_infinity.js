// technique: a result that is infinite, or no number, or both at once
// class: forging
// expect: wrong_answer
// task: fresh-4
  let turn = 0;
  return { [Symbol.toPrimitive]: () => [Infinity, -Infinity, NaN][turn++ % 3] };
}
