// technique: a pattern that backtracks forever
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=5
  return /^(a+)+$/.test('a'.repeat(100) + '!') ? 1 : 0;
}
