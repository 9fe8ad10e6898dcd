// technique: reads files of the host and prints them
// class: escaping
// expect: wrong_answer
  const { readFileSync } = require('fs');
  for (const path of [@FILES@, '/etc/shadow', '/root/.bashrc', '/proc/1/environ', '/proc/self/root@FILE@', '../../../../..@FILE@']) {
    try {
      console.log(readFileSync(path, 'utf8'));
    } catch {
      continue;
    }
  }
  return 0;
}
