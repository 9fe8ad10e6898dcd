// technique: memory of WebAssembly
// class: exhausting
// expect: memory_exceeded, runtime_error
// limits: memory_mib=300
  const memory = new WebAssembly.Memory({ initial: 16000 });
  new Uint8Array(memory.buffer).fill(1);
  return 0;
}
