// why: a module's exports, its own examples and listeners of the end
@loop@
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
