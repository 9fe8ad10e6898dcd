// technique: bytecode given to the engine as the cache of a script, by the other ways into vm
// class: forging
// expect: wrong_answer, runtime_error
  const vm = require('vm');
  const source = '(() => 12345)()';
  const cachedData = Buffer.alloc(64); // the engine says whether it looked at it
  const inherited = () => {
    Object.prototype.cachedData = cachedData;
    try {
      return new vm.Script(source, 'name.js');
    } finally {
      delete Object.prototype.cachedData;
    }
  };
  const byRun = () => {
    const was = vm.Script.prototype.runInThisContext;
    let script;
    vm.Script.prototype.runInThisContext = function () {
      script = this;
    };
    vm.runInThisContext(source, { cachedData });
    vm.Script.prototype.runInThisContext = was;
    return script;
  };
  const onlyInherited = () => {
    Object.defineProperty(Array.prototype, '1', { set() {}, get: () => ({ cachedData }), configurable: true });
    try {
      return vm.createScript(source);
    } finally {
      delete Array.prototype[1];
    }
  };
  const ways = [() => vm.createScript(source, { cachedData }), () => vm.createScript(source, 'name.js'), inherited, onlyInherited, byRun];
  const taken = ways.filter((way) => {
    try {
      return way().cachedDataRejected !== undefined;
    } catch {
      return false;
    }
  });
  if (!taken.length) throw new Error('refused');
  return 0;
}
