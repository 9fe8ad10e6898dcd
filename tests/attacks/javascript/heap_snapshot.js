// technique: reads the expected values in a snapshot of the heap
// class: forging
// expect: wrong_answer
  const v8 = require('v8');
  const stream = v8.getHeapSnapshot();
  require('fs').writeFileSync('heap', stream.read());
  return 0;
}
