// why: console.assert, the assert module and failed assertions that it catches
  const assert = require('assert');
  console.assert(Array.isArray(levels), 'not a list');
  assert(levels.length >= 0);
  assert.deepStrictEqual([...levels], levels);
  try {
    assert.strictEqual(1, 2);
  } catch (error) {
    if (error.code !== 'ERR_ASSERTION') throw error;
  }
  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
  return turns;
}
