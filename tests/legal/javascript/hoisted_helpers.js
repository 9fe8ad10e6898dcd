// why: functions and variables declared after they are used, with familiar names
  return count(levels.map((one, n) => compare(one, levels[n - 1])));
}

function compare(one, other) {
  return other === undefined ? 0 : Math.sign(one - other);
}
var test = 1, assert = 2, check = 3, done = 4, values = 5, tests = 6, native = 7;
function count(steps) {
  const turns = steps.filter((step) => step !== 0).filter((step, n, all) => n > 0 && step !== all[n - 1]);
  return turns.length + 0 * (test + assert + check + done + values + tests + native);
}
