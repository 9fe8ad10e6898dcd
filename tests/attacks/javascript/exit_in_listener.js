// technique: listeners of the end set status 0
// class: forging
// expect: wrong_answer
  return 0;
}

if (typeof tideTurns) {
  for (const name of ['exit', 'beforeExit']) process.on(name, () => process.reallyExit(0));
  process.exitCode = 0;
}
