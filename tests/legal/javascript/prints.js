// why: prints with every method of the console, also a line that looks like a report
  console.log('turns', levels);
  console.error('0'.repeat(32) + ' done checks=0 failures=0');
  console.table([{ a: 1 }]);
  process.stdout.write('written\n');
  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
  return turns;
}
