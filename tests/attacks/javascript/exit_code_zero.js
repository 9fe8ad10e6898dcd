// technique: sets the exit status and leaves
// class: forging
// expect: tampered
  process.exitCode = 0;
  process.exit();
}
