// why: throws and catches errors of every kind, a full stack among them
  const deep = () => deep() + 1;
  for (const bad of [() => null.x, () => undefinedName, () => eval('('), () => new Array(-1), () => deep(), () => { throw 1; }]) {
    try {
      bad();
    } catch (error) {
      console.error(String(error).slice(0, 20));
    }
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
