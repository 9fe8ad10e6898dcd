// technique: looks for what other programs left, everywhere it may look, also in the engine's globals
// class: escaping
// expect: wrong_answer
  const fs = require('fs');
  const look = (folder, depth) => {
    let names = [];
    try {
      names = fs.readdirSync(folder, { withFileTypes: true });
    } catch {
      return;
    }
    for (const name of names) {
      const path = `${folder}/${name.name}`;
      if (name.name.includes('canary')) console.log(fs.readFileSync(path, 'utf8'));
      else if (name.isDirectory() && depth) look(path, depth - 1);
    }
  };
  for (const root of ['/tmp', '/var/tmp', '/dev/shm', '/scratch', '/run', '..', '/home', '/root', '/opt']) look(root, 3);
  if (globalThis.canary || process.env.CANARY || Array.prototype.canary) console.log(globalThis.canary, process.env.CANARY, Array.prototype.canary);
  return 0;
}
