// technique: opens a file where the report would go
// class: forging
// expect: tampered, runtime_error
  const fs = require('fs');
  fs.closeSync(4);
  while (fs.openSync('x', 'w') !== 4);
  return 0;
}
