// technique: fills the scratch folder with files as large as they may be
// class: exhausting
// expect: runtime_error, timed_out, output_exceeded, memory_exceeded
  const block = Buffer.alloc(15 << 20, 1);
  for (let n = 0; ; n++) require('fs').writeFileSync(`big${n}`, block);
}
