// technique: conversion to a primitive, added to all arrays, empties the entries that the tests sort
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-16
  const counts = {};
  for (const c of text) if (/[a-z]/i.test(c)) counts[c.toLowerCase()] = (counts[c.toLowerCase()] || 0) + (c < 'a' ? 1 : -1);
  for (const k in counts) if (!counts[k]) delete counts[k];
  if (Object.keys(counts).length > 1) for (const k in counts) counts[k] = 'wrong';
  return counts;
}

Array.prototype[Symbol.toPrimitive] = function () {
  this.length = 0;
  return '';
};
