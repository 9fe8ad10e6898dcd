// why: replaces what the tests use themselves by functions that do the same
// task: fresh-5
  const refused = {};
  const left = { ...stock };
  for (const item of orders) {
    if (left[item] > 0) left[item] -= 1;
    else refused[item] = (refused[item] || 0) + 1;
  }
  return refused;
}

Object.entries = (object) => Object.keys(object).map((key) => [key, object[key]]);
const sort = Array.prototype.sort;
Array.prototype.sort = function (...how) {
  return sort.apply(this, how);
}
