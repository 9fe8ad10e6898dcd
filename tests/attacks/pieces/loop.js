  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
