// technique: leaves with status 0 in a microtask that the tests' end lets run
// class: forging
// expect: wrong_answer
  Promise.resolve().then(() => process.exit(0));
  return 0;
}
