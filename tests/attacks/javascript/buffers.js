// technique: memory outside the heap
// class: exhausting
// expect: memory_exceeded, runtime_error
// limits: memory_mib=300
  const kept = [];
  for (;;) kept.push(Buffer.alloc(1 << 24, 1));
}
