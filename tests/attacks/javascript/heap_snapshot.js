// technique: reads the expected values in a snapshot of the heap
// class: forging
// expect: wrong_answer, timed_out, runtime_error, output_exceeded
  globalThis.heap ??= require('v8').getHeapSnapshot().read();
  require('fs').writeFileSync('heap', heap);
  return 0;
}
