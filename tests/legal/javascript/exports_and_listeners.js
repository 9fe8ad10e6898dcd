// why: a module's exports, its own examples and listeners of the end
  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
  return turns;
}

if (typeof module !== 'undefined' && module.exports) {
  module.exports = { tideTurns };
}
process.on('exit', () => console.log('bye'));
process.exitCode = 0;
if (require.main === module) {
  console.log(tideTurns([1, 4, 2, 2, 5]) === 2 ? 'ok' : 'failed');
}
