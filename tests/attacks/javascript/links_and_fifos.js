// technique: leaves symbolic links to the host's folders, a FIFO and an unreadable folder for the agent to clear
// class: escaping
// expect: wrong_answer
  const fs = require('fs');
  if (!fs.existsSync('links')) {
    fs.mkdirSync('links');
    ['/', '/usr', '/proc', '@FILE@', '..', '/dev/zero'].forEach((target, n) => fs.symlinkSync(target, `links/${n}`));
    require('child_process').execSync('mkfifo fifo; mkdir -p closed/in; chmod 0 closed/in closed');
  }
  return 0;
}
