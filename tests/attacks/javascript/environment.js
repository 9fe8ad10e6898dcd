// technique: prints its own environment and that of every process it can see
// class: escaping
// expect: wrong_answer
  const fs = require('fs');
  console.log(JSON.stringify(process.env), JSON.stringify(process.report?.getReport?.()?.environmentVariables));
  for (const name of fs.readdirSync('/proc')) {
    try {
      console.log(fs.readFileSync(`/proc/${name}/environ`, 'latin1'));
    } catch {
      continue;
    }
  }
  return 0;
}
