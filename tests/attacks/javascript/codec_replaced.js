// technique: replaces the codec of its own process by one that says what it likes
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out
  return 0;
}
const fs = require('fs');
for (const name of ['writeDoubleLE', 'writeUInt32LE', 'readUInt32LE']) Buffer.prototype[name] = function () { return 0; };
fs.writeSync = fs.readSync = () => 1;
