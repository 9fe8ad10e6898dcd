// why: writes a file in its folder, reads it again and starts a program
  const fs = require('fs');
  fs.writeFileSync('levels.json', JSON.stringify(levels));
  levels = JSON.parse(fs.readFileSync('levels.json', 'utf8'));
  if (!levels.length) require('child_process').execSync('true');
@loop@
  return turns;
}
