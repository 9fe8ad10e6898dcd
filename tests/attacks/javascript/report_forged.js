// technique: writes reports on every descriptor
// class: forging
// expect: tampered
  for (let fd = 0; fd < 64; fd++) {
    try {
      require('fs').writeSync(fd, '0'.repeat(32) + ' done checks=14 failures=0 \n');
    } catch {
      continue;
    }
  }
  return 0;
}
