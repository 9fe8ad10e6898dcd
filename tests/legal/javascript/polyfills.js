// why: replaces built-in functions by others that do the same
  Math.sum = (...all) => all.reduce((a, b) => a + b, 0);
  const steps = levels.map((one, n) => (n ? Math.sign(one - levels[n - 1]) : 0)).filter(Boolean);
  return Math.sum(...steps.map((step, n) => (n && step !== steps[n - 1] ? 1 : 0)));
}

Math.sign = function sign(x) {
  return x > 0 ? 1 : x < 0 ? -1 : 0;
};
Array.prototype.filter = function filter(keep) {
  const kept = [];
  for (let n = 0; n < this.length; n++) if (keep(this[n], n, this)) kept.push(this[n]);
  return kept;
};
if (!Array.prototype.at) {
  Array.prototype.at = function at(n) {
    return this[n < 0 ? this.length + n : n];
  };
}
