// technique: fills the heap
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=300
  const kept = [];
  for (;;) kept.push(new Array(1e5).fill(levels.length + 0.5));
}
