// technique: console.assert that does nothing, by every name it has
// class: forging
// expect: wrong_answer
  console.assert = () => {};
  return 0;
}

console.assert = () => {};
globalThis.console = { ...console, assert() {} };
require('console').assert = () => {};
require('console').Console.prototype.assert = () => {};
