// why: adds methods to all arrays and strings, before and while it is called
  String.prototype.backwards = function () {
    return [...this].reverse().join('');
  };
  Array.prototype.pairs = function () {
    return this.slice(1).map((one, n) => [this[n], one]);
  };
  return levels.changes().pairs().filter(([a, b]) => a !== b).length * 'x'.backwards().length;
}

Array.prototype.changes = function () {
  return this.map((one, n) => (n ? Math.sign(one - this[n - 1]) : 0)).filter((step) => step !== 0);
};
