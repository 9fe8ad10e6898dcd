// why: strict code, generators, BigInt, labels and tagged templates
  'use strict';
  function* steps(all) {
    for (let n = 1; n < all.length; n++) yield BigInt(all[n]) - BigInt(all[n - 1]);
  }
  const tag = (parts, ...values) => values[0];
  let turns = 0n;
  let trend = 0n;
  outer: for (const step of steps(levels)) {
    if (step === 0n) continue outer;
    if (trend * step < 0n) turns++;
    trend = step;
  }
  return Number(tag`${turns}`);
}
