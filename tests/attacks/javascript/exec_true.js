// technique: starts a harmless program and ends with its status
// class: forging
// expect: tampered
  process.exit(require('child_process').spawnSync('/bin/true', { stdio: 'inherit' }).status);
}
