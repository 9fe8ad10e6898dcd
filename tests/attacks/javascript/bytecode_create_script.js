// technique: bytecode of its own through vm.createScript; it reads the frame of the tests
// class: forging
// expect: runtime_error, wrong_answer, tampered
  globalThis.answers ??= peek(1);
  if (typeof answers === 'function') answers = [...String(answers).matchAll(/===\s*(.*)\)\s*$/gm)].map((found) => eval(found[1]));
  return answers.shift();
}

var peek = (() => {
  const vm = require('vm');
  const text = (k) => '(function (a) { return a; })//' + k;
  const script = new vm.Script(text(1));
  script.runInThisContext()(1);
  const cachedData = script.createCachedData();
  cachedData[cachedData.indexOf(Buffer.from('0b03a9', 'hex')) + 1] = 33; // Ldar <slot>; Return
  return vm.createScript(text(2), { cachedData }).runInThisContext();
})();

function last() {
  return 1;
}
