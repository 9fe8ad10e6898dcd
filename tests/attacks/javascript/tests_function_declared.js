// technique: declares the tests' own function, empty
// class: forging
// expect: wrong_answer
  return 0;
}

function testTideTurns() {}
globalThis.testTideTurns = () => {};
