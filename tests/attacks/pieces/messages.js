const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32LE(n); return b; };
const text = (s) => Buffer.concat([u32(s.length), Buffer.from(s, 'latin1')]);
const say = (...parts) => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  require('fs').writeSync(4, Buffer.concat([u32(body.length), body]));
};
