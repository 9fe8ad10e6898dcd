// technique: one line without end, of NUL and of bytes that are no UTF-8
// class: exhausting
// expect: output_exceeded
  const block = Buffer.alloc(65536);
  block.fill(0xff, 0, 30000);
  for (;;) require('fs').writeSync(1, block);
}
