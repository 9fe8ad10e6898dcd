// why: names of its own that the platform has too: a class Buffer, a variable process that ends as null
// task: fresh-2
// form: program
class Buffer {
  parts = [];
  push(text) {
    this.parts.push(text);
  }
}
class Reflect {}
class RangeError {}
class Promise {}
const Math = null, Map = null, Set = null, Symbol = null, Uint8Array = null, BigInt = null, Error = null, TypeError = null;
let process = null;

const expandRanges = (pattern) => {
  const out = new Buffer();
  process = [];
  for (let i = 0; i < pattern.length; ) {
    if (i + 2 < pattern.length && pattern[i + 1] === '-') {
      const [first, last] = [pattern.charCodeAt(i), pattern.charCodeAt(i + 2)];
      const step = first <= last ? 1 : -1;
      for (let c = first; c !== last + step; c += step) out.push(String.fromCharCode(c));
      i += 3;
    } else {
      out.push(pattern[i++]);
    }
  }
  process = null;
  return out.parts.join('');
};
