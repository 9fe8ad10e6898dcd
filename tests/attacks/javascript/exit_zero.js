// technique: process.exit(0) in the tested function
// class: forging
// expect: tampered
  process.exit(0);
}
