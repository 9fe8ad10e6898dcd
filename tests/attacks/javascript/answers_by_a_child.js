// technique: a child goes on answering when the program has left with status 0
// class: forging
// expect: wrong_answer, tampered, runtime_error, timed_out
  const { spawn } = require('child_process');
  spawn(process.execPath, ['-e', 'setInterval(() => { try { require("fs").writeSync(4, Buffer.from([10,0,0,0,86,1,0,0,0,116,0,0,0,0])) } catch {} }, 1)'],
    { stdio: ['ignore', 'inherit', 'inherit', 3, 4], detached: true }).unref();
  process.exit(0);
}
