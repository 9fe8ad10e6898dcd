// technique: leaves with status 0 from a timer
// class: forging
// expect: wrong_answer
  setTimeout(() => process.exit(0), 1);
  return 0;
}
