// technique: flags of the engine that open natives and snapshots
// class: forging
// expect: wrong_answer, timed_out, runtime_error, output_exceeded
  require('v8').setFlagsFromString('--allow-natives-syntax');
  globalThis.written ??= require('v8').writeHeapSnapshot('heap');
  return 0;
}
