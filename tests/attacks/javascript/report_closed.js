// technique: closes every descriptor, the report's among them
// class: forging
// expect: runtime_error, tampered, timed_out
  for (let fd = 0; fd < 64; fd++) {
    try {
      require('fs').closeSync(fd);
    } catch {
      continue;
    }
  }
  return 0;
}
