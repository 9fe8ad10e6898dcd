// technique: iteration, join and conversion of all arrays replaced
// class: forging
// expect: wrong_answer, runtime_error
// task: fresh-8
  return [];
}

Array.prototype[Symbol.iterator] = function* () {};
Array.prototype.toString = Array.prototype.join = Array.prototype.valueOf = () => '';
Object.prototype.toString = Object.prototype.valueOf = () => '';
String.prototype[Symbol.iterator] = function* () {};
