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
@loop@
  return turns;
}
