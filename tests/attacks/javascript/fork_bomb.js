// technique: processes that start processes
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded
// limits: cpu_s=1 wall_s=3
  const { spawn } = require('child_process');
  for (;;) {
    try {
      spawn('/bin/sh', ['-c', 'b() { b | b & b; }; b']);
    } catch {
      continue;
    }
  }
}
