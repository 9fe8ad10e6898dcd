// why: returns a frozen array of its own class, with its own toString
// task: fresh-1
  class Totals extends Array {
    toString() {
      return 'totals';
    }
  }
  let [level, spilled, missing] = [0, 0, 0];
  for (const flow of flows) {
    level += flow;
    spilled += Math.max(0, level - capacity);
    missing += Math.max(0, -level);
    level = Math.max(0, Math.min(level, capacity));
  }
  return Object.freeze(Totals.from([level, spilled, missing]));
}
