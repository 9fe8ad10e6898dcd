// technique: the hook that formats stack traces leaves with status 0
// class: forging
// expect: tampered, runtime_error, wrong_answer
  Error.prepareStackTrace = () => process.reallyExit(0);
  return null.x;
}
