// technique: a global getter that is another function each time
// class: forging
// expect: wrong_answer
  return 0;
}

if (typeof tideTurns) {
  let turn = 0;
  Object.defineProperty(globalThis, 'helper', { get: () => () => turn++ });
}
