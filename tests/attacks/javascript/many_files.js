// technique: a million empty files
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded
// limits: cpu_s=2 wall_s=5
  for (let n = 0; n < 1e6; n++) require('fs').closeSync(require('fs').openSync(`f${n}`, 'w'));
  return 0;
}
