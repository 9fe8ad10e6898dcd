// technique: an exception whose properties leave with status 0 when it is shown
// class: forging
// expect: tampered
  throw { get stack() { process.exit(0); }, get code() { process.exit(0); } };
}
