// technique: flags of the engine that open natives and snapshots
// class: forging
// expect: wrong_answer
  require('v8').setFlagsFromString('--allow-natives-syntax');
  require('v8').writeHeapSnapshot('heap');
  return 0;
}
