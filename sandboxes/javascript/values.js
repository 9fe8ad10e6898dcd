/* The codec of values.md for JavaScript, and the two pipes. Both sides of the wall load it; loops are by index and the
 * functions of the language are those from before the program ran, as an honest program may replace them, or name something
 * of its own as they are named.
 *
 * A result that has no plain value is a function or a symbol of the tests' own instead, equal to nothing else. An object
 * with a `toJSON` is sent as what that gives, an instance of a class as its own enumerable fields.
 */
'use strict';

const { Array, BigInt, Buffer, Date, Error, EvalError, Map, Math, Object, Promise, RangeError, ReferenceError, Reflect, RegExp, Set, Symbol, SyntaxError, TextDecoder, TypeError, URIError, Uint8Array, parseInt } = globalThis;
const fs = require('fs');
const { isBoxedPrimitive, isMap, isSet, isDate, isRegExp, isNativeError, isTypedArray, isUint8Array } = require('util').types;

const { isArray } = Array;
const { keys, defineProperty } = Object;
const { asIntN, asUintN } = BigInt;
const { readSync, writeSync } = fs;
const CODES = Object.fromEntries([...'nutfiIdecswxblpmkXRECVT'].map((tag) => [tag, tag.charCodeAt(0)]));
const MAX_BYTES = 64 << 20;
const MAX_VALUES = 4_000_000;
const MAX_DEPTH = 200;
const TOO_LARGE = 'a value too large';
const TOO_DEEP = 'a value nested too deep';
const HALF = /\p{Surrogate}/u;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const TYPED = [Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array];
const TYPED_BY_NAME = new Map(TYPED.map((type) => [type.name, type]));

/** What the other side sent is no message of ours. */
class Broken extends Error {}

class Unsendable extends Error {}

class Writer {
  constructor() {
    this.bytes = Buffer.allocUnsafe(65536);
    this.start();
  }

  start() {
    this.at = 4; // behind the length
    this.values = 0;
    this.turnless = false;
  }

  room(size) {
    if (this.at + size <= this.bytes.length) return;
    if (this.at + size > MAX_BYTES) throw new Unsendable(TOO_LARGE);
    const more = Buffer.allocUnsafe(Math.min(MAX_BYTES + 4, Math.max(2 * this.bytes.length, this.at + size)));
    this.bytes.copy(more, 0, 0, this.at);
    this.bytes = more;
  }

  u8(number) {
    this.room(1);
    this.bytes[this.at++] = number;
  }

  u32(number) {
    this.room(4);
    this.at = this.bytes.writeUInt32LE(number, this.at);
  }

  text(string) {
    const size = Buffer.byteLength(string, 'utf8');
    this.u32(size);
    this.room(size);
    this.at += this.bytes.write(string, this.at, 'utf8');
  }

  raw(bytes) {
    this.u32(bytes.length);
    this.room(bytes.length);
    bytes.copy(this.bytes, this.at);
    this.at += bytes.length;
  }

  named(name, value, depth) {
    this.u8(CODES.k);
    this.u8(name.length);
    this.room(name.length);
    this.at += this.bytes.write(name, this.at, 'latin1');
    this.value(value, depth + 1);
  }

  refused(name) {
    this.u8(CODES.X);
    this.u8(0);
    this.text(name);
  }

  /** A value, or its refusal where it is too large or too deep. */
  whole(value) {
    const { at } = this;
    try {
      this.value(value, 1);
    } catch (error) {
      if (!(error instanceof Unsendable) && !(error instanceof RangeError)) throw error;
      this.at = at;
      this.refused(error instanceof Unsendable ? error.message : TOO_DEEP);
    }
  }

  value(value, depth) {
    if (depth > MAX_DEPTH) throw new Unsendable(TOO_DEEP);
    if (++this.values > MAX_VALUES) throw new Unsendable(TOO_LARGE);
    switch (typeof value) {
      case 'number':
        this.room(9);
        this.bytes[this.at++] = CODES.d;
        this.at = this.bytes.writeDoubleLE(value, this.at);
        return;
      case 'string':
        if (!HALF.test(value)) {
          this.u8(CODES.s);
          this.text(value);
          return;
        }
        this.u8(CODES.w);
        this.raw(Buffer.from(value, 'utf16le'));
        return;
      case 'boolean':
        this.u8(value ? CODES.t : CODES.f);
        return;
      case 'undefined':
        this.u8(CODES.u);
        return;
      case 'bigint':
        this.bigint(value);
        return;
      case 'object':
        if (value === null) this.u8(CODES.n);
        else this.object(value, depth);
        return;
      default:
        this.refused(typeof value);
    }
  }

  bigint(value) {
    if (asIntN(64, value) === value) {
      this.room(9);
      this.bytes[this.at++] = CODES.i;
      this.at = this.bytes.writeBigInt64LE(value, this.at);
      return;
    }
    // By its hexadecimal digits: a shift for each byte would take the square of its length.
    const digits = (value < 0n ? ~value : value).toString(16);
    const bits = 4 * digits.length + 28 - Math.clz32(parseInt(digits[0], 16)); // and one for the sign
    const size = (bits + 8) >> 3;
    this.u8(CODES.I);
    this.raw(Buffer.from(asUintN(8 * size, value).toString(16).padStart(2 * size, '0'), 'hex').reverse());
  }

  list(values, depth) {
    this.u8(CODES.l);
    this.u32(values.length);
    for (let i = 0; i < values.length; i++) this.value(values[i], depth + 1);
  }

  object(value, depth) {
    if (isArray(value) && typeof value.toJSON !== 'function') return this.list(value, depth);
    if (isDate(value)) return this.named('Date', +value, depth);
    if (isMap(value) || isSet(value)) return this.collection(value, depth);
    if (isUint8Array(value)) {
      this.u8(CODES.b);
      return this.raw(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    }
    if (isTypedArray(value)) return this.named(value[Symbol.toStringTag], new Uint8Array(value.buffer, value.byteOffset, value.byteLength), depth);
    if (isBoxedPrimitive(value)) return this.named('Object', value.valueOf(), depth);
    if (isRegExp(value)) return this.named('RegExp', [value.source, value.flags], depth);
    if (isNativeError(value)) return this.named('Error', [`${value.name}`, `${value.message}`], depth);
    if (typeof value.toJSON === 'function') return this.value(value.toJSON(), depth + 1);
    const names = keys(value);
    this.u8(CODES.m);
    this.u32(names.length);
    for (let i = 0; i < names.length; i++) {
      this.value(names[i], depth + 1);
      this.value(value[names[i]], depth + 1);
    }
  }

  collection(value, depth) {
    const all = [];
    const map = isMap(value);
    const each = map ? Map.prototype.forEach : Set.prototype.forEach;
    Reflect.apply(each, value, [(one, key) => (map ? all.push(key, one) : all.push(one))]);
    return this.named(map ? 'Map' : 'Set', all, depth);
  }

  /** The message's bytes, with their length before them. */
  message() {
    this.bytes.writeUInt32LE(this.at - 4, 0);
    return this.bytes.subarray(0, this.at);
  }
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.values = 0;
  }

  take(size) {
    const { at } = this;
    if (size > this.bytes.length - at) throw new Broken('a value is cut short');
    this.at += size;
    return at;
  }

  u8() {
    return this.bytes[this.take(1)];
  }

  u32() {
    return this.bytes.readUInt32LE(this.take(4));
  }

  /** A count of things that take at least `least` bytes each. */
  count(least) {
    const count = this.u32();
    if (count * least > this.bytes.length - this.at) throw new Broken('more elements than bytes');
    return count;
  }

  raw(size) {
    const at = this.take(size);
    return this.bytes.subarray(at, at + size);
  }

  text(size) {
    try {
      return utf8.decode(this.raw(size));
    } catch (error) {
      throw error instanceof Broken ? error : new Broken('a text is no UTF-8');
    }
  }

  end() {
    if (this.at !== this.bytes.length) throw new Broken('bytes behind the last value');
  }

  value(depth = 1) {
    if (depth > MAX_DEPTH) throw new Broken(TOO_DEEP);
    if (++this.values > MAX_VALUES) throw new Broken(TOO_LARGE);
    const tag = this.u8();
    switch (tag) {
      case CODES.d: return this.bytes.readDoubleLE(this.take(8));
      case CODES.s: return this.text(this.u32());
      case CODES.t: return true;
      case CODES.f: return false;
      case CODES.n: return null;
      case CODES.u: return undefined;
      case CODES.l: return this.list(depth);
      case CODES.m: return this.map(depth);
      case CODES.w: return this.units();
      case CODES.i: return this.bytes.readBigInt64LE(this.take(8));
      case CODES.I: return this.bigint();
      case CODES.b: return new Uint8Array(this.raw(this.u32()));
      case CODES.k: return this.named(depth);
      case CODES.X: return this.refusal();
      default: throw new Broken(`a value with the tag ${tag}`);
    }
  }

  list(depth) {
    const count = this.count(1);
    const values = [];
    for (let i = 0; i < count; i++) values.push(this.value(depth + 1));
    return values;
  }

  map(depth) {
    const found = {};
    for (let count = this.count(2); count > 0; count--) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw new Broken('a key of a plain object is no text');
      const value = this.value(depth + 1);
      if (key === '__proto__') defineProperty(found, key, { value, writable: true, enumerable: true, configurable: true });
      else found[key] = value;
    }
    return found;
  }

  units() {
    const size = this.u32();
    if (size % 2) throw new Broken('half a UTF-16 unit');
    return this.raw(size).toString('utf16le');
  }

  bigint() {
    const bytes = this.raw(this.u32());
    const value = asIntN(8 * bytes.length, BigInt(`0x0${Buffer.from(bytes).reverse().toString('hex')}`));
    const least = bytes.length < 9 || asIntN(8 * (bytes.length - 1), value) === value;
    if (least) throw new Broken('an integer in more bytes than it needs');
    return value;
  }

  named(depth) {
    const name = this.text(this.u8());
    const value = this.value(depth + 1);
    switch (name) {
      case 'Date': return new Date(value);
      case 'Object': return Object(value);
      case 'Set': return new Set(listed(value));
      case 'Map': {
        const map = new Map();
        for (let i = 0; i + 1 < listed(value).length; i += 2) map.set(value[i], value[i + 1]);
        return map;
      }
      case 'RegExp': return new RegExp(`${listed(value)[0]}`, `${value[1]}`);
      case 'Error': return errorOf(`${listed(value)[0]}`, `${value[1]}`);
      case 'Promise':
      case 'Rejection':
        // What they queue waits for Node's next turn, and there is none in a service, whose tests cannot wait for it.
        if (this.turnless) return new Promise(() => {});
        if (name === 'Promise') return Promise.resolve(value);
        return Promise.reject(errorOf(`${listed(value)[0]}`, `${value[1]}`));
      default: {
        const Type = TYPED_BY_NAME.get(name);
        if (!Type || !isUint8Array(value) || value.length % Type.BYTES_PER_ELEMENT) throw new Broken(`a value of the type ${name}`);
        return new Type(value.buffer);
      }
    }
  }

  refusal() {
    if (this.u8() > 1) throw new Broken('claims is neither 0 nor 1');
    const kind = this.text(this.u32());
    return kind === 'function' ? () => { throw new TypeError('a function of the program cannot be called from its tests'); } : Symbol(kind);
  }
}

function listed(value) {
  if (!isArray(value)) throw new Broken('a value of another type than its name');
  return value;
}

/** An error like the other side's: its class where that is the language's own. */
function errorOf(name, message) {
  const Type = { __proto__: null, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }[name] ?? Error;
  const error = new Type(message);
  if (error.name !== name) defineProperty(error, 'name', { value: name, writable: true, configurable: true });
  return error;
}

const inbox = Buffer.allocUnsafeSlow(65536); // of the one conversation that a process has at a time

/** What comes out of a pipe, a message at a time: mostly one system call for each. */
class Receiver {
  constructor(fd) {
    Object.assign(this, { fd, from: 0, to: 0 });
  }

  /** The next message, or null at the end of the pipe. It is there until the next one is asked for. */
  next() {
    if (!this.have(4)) return null;
    const size = inbox.readUInt32LE(this.from);
    if (size === 0 || size > MAX_BYTES) throw new Broken(`a message of ${size} bytes`);
    if (size > inbox.length - 4) return this.large(size);
    if (!this.have(4 + size)) return null;
    const at = this.from + 4;
    this.from = at + size;
    return inbox.subarray(at, this.from);
  }

  /** Read until that many bytes are there; false where the pipe ends before. */
  have(size) {
    if (this.to - this.from >= size) return true;
    inbox.copyWithin(0, this.from, this.to);
    this.to = this.fill(inbox, this.to - this.from, size);
    this.from = 0;
    return this.to >= size;
  }

  /** Read behind the first `at` bytes until `size` are there, or the pipe ends; returns how many are. */
  fill(bytes, at, size) {
    for (let got; at < size && (got = readSync(this.fd, bytes, at, bytes.length - at, null)) > 0; ) at += got;
    return at;
  }

  large(size) {
    const bytes = Buffer.allocUnsafeSlow(size);
    const at = inbox.copy(bytes, 0, this.from + 4, this.to);
    this.from = this.to = 0;
    return this.fill(bytes, at, size) === size ? bytes : null;
  }
}

function send(fd, bytes) {
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done);
}

module.exports = { Broken, CODES, Reader, Receiver, Writer, errorOf, send };
