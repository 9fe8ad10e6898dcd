// technique: JSON.stringify that is the same for everything
// class: forging
// expect: wrong_answer
// task: fresh-1
  JSON.stringify = () => '';
  return [];
}

JSON.stringify = () => '';
globalThis.JSON = { stringify: () => '', parse: JSON.parse };
