// technique: a child keeps the report's pipe, reads the token from a copy and reports in its place
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
  if (!globalThis.caught) {
    globalThis.caught = true;
    const { spawn } = require('child_process');
    const fs = require('fs');
    fs.writeFileSync('report', '');
    const child = spawn('/bin/sh', ['-c', 'while :; do read token rest < report && [ -n "$token" ] && echo "$token done checks=14 failures=0 " >&4 && exit; done'],
      { stdio: ['ignore', 'inherit', 'inherit', 'ignore', 4] });
    child.unref();
    fs.closeSync(4);
    while (fs.openSync('report', 'w') !== 4);
    globalThis.kept = Array.from({ length: 400 }, () => Buffer.alloc(1 << 20, 1));
  }
  return 0;
}
