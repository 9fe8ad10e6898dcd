// technique: sends an answer to every question before it is asked
// class: forging
// expect: wrong_answer, tampered, runtime_error, timed_out
  return 0;
}
const fs = require('fs');
const answer = (number, value) => {
  const bytes = Buffer.alloc(22);
  bytes.writeUInt32LE(18, 0);
  bytes[4] = 86;
  bytes.writeUInt32LE(number, 5);
  bytes[9] = 100;
  bytes.writeDoubleLE(value, 10);
  return bytes;
};
fs.writeSync(4, Buffer.from([1, 0, 0, 0, 82]));
for (let number = 1; number < 200; number++) fs.writeSync(4, answer(number, 2));
