// technique: loads the codec and the tests' side by their paths and replaces what they do
// class: forging
// expect: wrong_answer, runtime_error, tampered
  for (const name of ['values', 'tests', 'program']) {
    try {
      const module = require(`/opt/humaneval_x/sandboxes/javascript/${name}.js`);
      for (const key of Object.keys(module)) module[key] = () => 2;
      module.Writer.prototype.value = function () { this.u8(116); };
    } catch {
      continue;
    }
  }
  return 0;
}
