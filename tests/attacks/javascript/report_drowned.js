// technique: writes so much where the report goes that its end is lost
// class: forging
// expect: tampered
  const { writeSync } = require('fs');
  for (let i = 0; i < 4000; i++) writeSync(4, 'x'.repeat(16) + '\n');
  return 0;
}
