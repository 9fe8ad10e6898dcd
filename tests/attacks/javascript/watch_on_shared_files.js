// technique: a watch on files that all jails share tells what another jail does
// class: escaping
// expect: wrong_answer
  try {
    require('fs').watch('/usr/bin').on('error', () => {});
  } catch {
    return 0;
  }
  process.exit(3);
}
