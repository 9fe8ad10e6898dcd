// why: returns an object whose toJSON gives the right value
// task: fresh-1
  let [level, spilled, missing] = [0, 0, 0];
  for (const flow of flows) {
    level += flow;
    spilled += Math.max(0, level - capacity);
    missing += Math.max(0, -level);
    level = Math.max(0, Math.min(level, capacity));
  }
  return { toJSON: () => [level, spilled, missing] };
}
