// technique: one file without end
// class: exhausting
// expect: output_exceeded, runtime_error
  const file = require('fs').openSync('big', 'w');
  const block = Buffer.alloc(1 << 20, 1);
  for (;;) require('fs').writeSync(file, block);
}
