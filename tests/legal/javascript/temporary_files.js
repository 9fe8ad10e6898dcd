// why: makes a folder and a file wherever temporary ones belong
  const fs = require('fs');
  const folder = fs.mkdtempSync(require('path').join(require('os').tmpdir(), 'x-'));
  fs.writeFileSync(`${folder}/levels.json`, JSON.stringify(levels));
  levels = JSON.parse(fs.readFileSync(`${folder}/levels.json`, 'utf8'));
  fs.rmSync(folder, { recursive: true });
@loop@
  return turns;
}
