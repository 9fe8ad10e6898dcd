// technique: announces an answer that never ends
// class: exhausting
// expect: tampered, timed_out
  require('fs').writeSync(4, Buffer.from([255, 255, 255, 255, 86]));
  for (;;) require('fs').writeSync(4, Buffer.alloc(65536));
}
