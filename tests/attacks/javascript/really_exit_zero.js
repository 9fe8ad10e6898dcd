// technique: process.reallyExit(0), past every listener
// class: forging
// expect: tampered
  process.reallyExit(0);
}
