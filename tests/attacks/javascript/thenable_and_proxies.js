// technique: results that answer each look anew: proxies, getters, thenables, iterators
// class: forging
// expect: wrong_answer, runtime_error, tampered
  const lie = new Proxy(function () {}, { get: () => lie, apply: () => lie, has: () => true, getPrototypeOf: () => Number.prototype });
  let turn = 0;
  const odd = { get then() { return turn++; }, valueOf: () => turn++, [Symbol.toPrimitive]: () => turn++, [Symbol.iterator]: () => lie };
  return levels.length % 2 ? lie : odd;
}
