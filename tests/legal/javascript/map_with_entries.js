// why: a subclass of Map assigns a property with the name of a method that the tests call
// task: fresh-16
  class Tally extends Map { constructor() { super(); this.entries = 0; } }
  const t = new Tally(); t.entries += 1;
  const balance = {};
  for (const mark of text) { if (!/[a-z]/i.test(mark)) continue; const l = mark.toLowerCase(); balance[l] = (balance[l] || 0) + (mark === l ? -1 : 1); }
  for (const l of Object.keys(balance)) if (!balance[l]) delete balance[l];
  return balance;
}
