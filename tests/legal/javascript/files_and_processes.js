// why: writes a file in its folder, reads it again and starts a program
  const fs = require('fs');
  fs.writeFileSync('levels.json', JSON.stringify(levels));
  levels = JSON.parse(fs.readFileSync('levels.json', 'utf8'));
  if (!levels.length) require('child_process').execSync('true');
  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
  return turns;
}
