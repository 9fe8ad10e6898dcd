// technique: a result with conversions of its own, for a test that subtracts
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-4
  return { valueOf: () => NaN, [Symbol.toPrimitive]: () => NaN, toString: () => '' };
}
