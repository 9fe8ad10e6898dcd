// technique: bytecode of its own, given to the engine as the cache of a script, by every constructor of scripts
// class: forging
// expect: runtime_error, wrong_answer
  const vm = require('vm');
  const source = '(() => 12345)()';
  const cachedData = Buffer.alloc(64); // the engine says whether it looked at it
  const parent = Object.getPrototypeOf(vm.Script);
  const inner = Object.getPrototypeOf(vm.Script.prototype).constructor;
  const taken = [
    () => new vm.Script(source, { cachedData }),
    () => new vm.Script.prototype.constructor(source, { cachedData }),
    () => new inner(source, { cachedData }),
    () => new inner(source, 'x', 0, 0, cachedData, false),
    () => new parent(source, 'x', 0, 0, cachedData, false),
    () => new (class extends vm.Script {})(source, { cachedData }),
    () => vm.compileFunction(source, [], { cachedData }),
  ].filter((way) => {
    try {
      return way().cachedDataRejected !== undefined;
    } catch {
      return false;
    }
  });
  if (!taken.length) throw new Error('refused');
  return 0;
}
