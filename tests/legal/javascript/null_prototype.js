// why: returns an object without a prototype, filled through a proxy
// task: fresh-16
  const balance = new Proxy(Object.create(null), { get: (target, key) => target[key] || 0 });
  for (const mark of text) {
    const letter = mark.toLowerCase();
    if (/[A-Z]/.test(mark)) balance[letter] += 1;
    else if (/[a-z]/.test(mark)) balance[letter] -= 1;
  }
  for (const letter of Object.keys(balance)) if (balance[letter] === 0) delete balance[letter];
  return balance;
}
