// technique: sleeps
// class: exhausting
// expect: timed_out
// limits: wall_s=2
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
