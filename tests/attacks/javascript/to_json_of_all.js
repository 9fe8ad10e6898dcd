// technique: a toJSON for all objects and all arrays, set anew at each call
// class: forging
// expect: wrong_answer
// task: fresh-1
  Object.prototype.toJSON = Array.prototype.toJSON = () => 0;
  return [];
}
