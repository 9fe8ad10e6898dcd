// technique: leaves with status 0 from a timer
// class: forging
// expect: tampered
  setTimeout(() => process.exit(0), 1);
  return 0;
}
