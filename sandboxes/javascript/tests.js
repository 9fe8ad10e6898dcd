/* The tests' side of the wall: runs trusted code only. The tested functions are stubs here that ask the candidate's
 * process; checks are counted, and the first that fails says what it was called with, what it expected and what it got.
 */
'use strict';

const fs = require('fs');
const vm = require('vm');
const util = require('util');
const { Broken, CODES, Reader, Receiver, Writer, errorOf, send } = require('./values.js');

const [ALL_CHECKS, RECORD] = [1, 2];
const ABOUT_CHARACTERS = 300;
const SAID_CHARACTERS = 2000; // of an exception's type, text and trace each, as they come
const MOST_RECORDED = 128 * 2 ** 20;
const MOST_SHOWN = 2 ** 14; // bytes of an answer; what is larger is not kept for the text of a failed check: a program could tell
const MOST_PLACES = 1000; // checks whose place is kept before it is known whether they hold
const NOTHING = Symbol('nothing');
const BEGUN = /(?:^|[^$]\{|[;})]|\b(?:else|do)\s|[\w$\]"'`]\s*\n)\s*$/; // what a statement can stand behind
const ASKING = /\b(?:return|await|yield|throw|typeof|void|in|of|case|new|delete|instanceof)\s*$/;

/** An event that ends the tests, whatever they catch. */
class Over extends Error {
  constructor(event, detail) {
    super(detail);
    this.event = event;
  }
}

const fresh = () => ({ made: 0, failed: 0, first: null, warned: '', last: null, ran: false, recorded: 0, number: 0, finished: false, seed: 1 });
const state = { fds: {}, answers: null, exit: null, functions: [], flags: 0, tokens: [], tests: '', ...fresh() };
const writer = new Writer();

/** What the tests print goes to their errors. */
const nobody = () => output;
const output = { write: (text) => fs.writeSync(state.fds.errors, text), on: nobody, once: nobody, removeListener: nobody };
const printing = new console.Console({ stdout: output, stderr: output });

/** Chance that is the same for each program (mulberry32): a verdict must not depend on what ran before. */
Math.random = function random() {
  state.seed = (state.seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state.seed ^ (state.seed >>> 15), 1 | state.seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
};

function cut(text) {
  return text.length > ABOUT_CHARACTERS ? `${text.slice(0, ABOUT_CHARACTERS - 1)}…` : text;
}

/** A call of the candidate, as text. */
function lastCall(last) {
  if (!last) return {};
  const called_with = cut(last.given.map(shown).join(', '));
  return last.got === NOTHING ? { called_with } : { called_with, got: shown(last.got) };
}

function shown(value) {
  return cut(util.inspect(value, { depth: 6, breakLength: Infinity, maxArrayLength: 60, maxStringLength: ABOUT_CHARACTERS }));
}

/** Write the report and end the process. */
function report(event, detail) {
  if (state.finished) return state.exit(0);
  state.finished = true;
  const well = event === 'done';
  const words = `${detail}`.replace(/[\n\r\0]/g, ' ').slice(0, 300);
  if (state.fds.questions >= 0) fs.closeSync(state.fds.questions); // before text is made of what failed, which takes time
  state.fds.questions = -1;
  const about = state.first ? `${JSON.stringify(state.first())}\n` : '';
  if (state.warned) output.write(state.warned);
  fs.writeSync(state.fds.report, `${state.tokens[well ? 0 : 1]} ${event} checks=${state.made} failures=${state.failed} ${words}\n${about}`);
  state.exit(0);
}

/** End for good, with the report of what went wrong. */
function over(error) {
  if (state.finished) return state.exit(0);
  if (error instanceof Over) return report(error.event, error.message);
  if (error instanceof Broken) return report('tampered', error.message);
  if (typeof error === 'object' && error !== null && error.code === 'EPIPE') return report('ended', '');
  const text = typeof error === 'object' && error !== null ? error.stack : `Uncaught ${String(error)}`;
  fs.writeSync(state.fds.errors, `${text}\n`);
  if (typeof error === 'object' && error !== null && error.code === 'ERR_ASSERTION') {
    if (state.made > 0) state.failed += 1;
    const sides = 'actual' in error && 'expected' in error && error.expected !== undefined ? { got: shown(error.actual), expected: shown(error.expected) } : {};
    state.first ??= () => ({ ...lastCall(state.last), ...sides });
    return report('wrong', error.message);
  }
  return report(error?.memory ? 'memory' : 'error', typeof error === 'object' && error !== null ? `${error.name}: ${error.message}` : text);
}

/** The next message of the candidate's. */
function answer() {
  const bytes = state.answers.next();
  if (bytes === null) throw new Over('ended', '');
  if (state.flags & RECORD) {
    state.recorded += 4 + bytes.length;
    if (state.recorded > MOST_RECORDED) throw new Over('memory', 'its answers are too large to be recorded');
    const head = Buffer.alloc(4);
    head.writeUInt32LE(bytes.length);
    for (const part of [head, bytes]) send(state.fds.secret, part);
  }
  const reader = new Reader(bytes);
  reader.turnless = state.turnless;
  return reader;
}

/** What the candidate threw, as an exception of ours. */
function thrown(reader) {
  const memory = reader.u8() === 1;
  const said = () => reader.text(reader.u32()).slice(0, SAID_CHARACTERS);
  const [name, message, trace] = [said(), said(), said()];
  reader.end();
  if (name === '') return message;
  const error = errorOf(name, message);
  error.stack = trace;
  if (memory) Object.defineProperty(error, 'memory', { value: true });
  return error;
}

/** The tests' stand-in for a function of the candidate's. */
function stub(index, name) {
  const call = (...given) => {
    if (state.finished) state.exit(0); // tests that caught the end
    try {
      return asked(index, given);
    } catch (error) {
      // No `catch` of the tests' may swallow that the other side is no more, or no honest one.
      if (error instanceof Over || error instanceof Broken || error?.code === 'EPIPE') over(error);
      throw error;
    }
  };
  return Object.defineProperty(call, 'name', { value: name });
}

function asked(index, given) {
  const number = ++state.number;
  state.last = { given, got: NOTHING };
  writer.start();
  writer.u8(CODES.C);
  writer.u32(number);
  writer.u32(index);
  writer.u8(1);
  writer.u32(given.length);
  for (const each of given) writer.value(each, 1);
  send(state.fds.questions, writer.message());
  const reader = answer();
  const kind = reader.u8();
  if ((kind !== CODES.V && kind !== CODES.T) || reader.u32() !== number) throw new Broken('an answer to no question');
  if (kind === CODES.T) throw thrown(reader);
  const value = reader.value();
  const after = [];
  for (let count = reader.count(1); count > 0; count--) after.push(reader.value());
  reader.end();
  if (after.length && after.length !== given.length) throw new Broken('other arguments than it was given');
  if (value === undefined && after.length && dropped(new Error().stack)) after.forEach((now, i) => replace(given[i], now));
  if (reader.bytes.length > MOST_SHOWN) state.last = null;
  else state.last.got = value;
  return value;
}

/** Make an array or an object hold what it holds on the other side. */
function replace(here, now) {
  if (typeof here !== 'object' || here === null || typeof now !== 'object' || now === null) return;
  if (here instanceof Map || here instanceof Set) {
    here.clear();
    now.forEach((value, key) => (here instanceof Map ? here.set(key, value) : here.add(value)));
    return;
  }
  for (const key of Object.keys(here)) if (!(key in now)) delete here[key];
  Object.assign(here, now);
  if (Array.isArray(here)) here.length = now.length;
}

/** Count one check; with a failed one goes what is known of it, as text when all is over: the next question comes as soon as after one that holds. */
function check(holds) {
  state.made += 1;
  const last = state.last;
  const place = holds && state.made > MOST_PLACES ? null : new Error(); // of a check that holds, too: none takes longer than another
  if (holds) return;
  state.failed += 1;
  if (state.first) return;
  state.first = () => ({ ...lastCall(last), ...expectation(place.stack) });
}

/** The text of the tests before the place that a stack says, and from there on; nothing where it says none. */
function around(stack) {
  const place = /[( ]tests\.js:(\d+):(\d+)/.exec(stack);
  if (!place) return ['', ''];
  const lines = state.tests.split('\n');
  const at = lines.slice(0, place[1] - 1).join('\n').length + (place[1] > 1 ? 1 : 0) + Number(place[2]) - 1;
  return [state.tests.slice(0, at), state.tests.slice(at)];
}

/** Whether the tests do nothing with what that call returns, but to compare it with undefined: it is a statement of its own. */
function dropped(stack) {
  const [before, text] = around(stack);
  const behind = text.slice(closing(text, '') + 1).replace(/^[^\S\n]*\/\/.*/, '');
  if (/^\s*===?\s*undefined\b/.test(behind)) return true;
  const ahead = before.replace(/(?:\/\/.*\n\s*|\/\*[^]*?\*\/\s*)+$/, '\n');
  return BEGUN.test(ahead) && !ASKING.test(ahead) && /^[^\S\n]*(?:;|\}|\n\s*[\w$}/])/.test(behind);
}

/** What the source of a failed check says it expects: the side of its comparison that calls nothing of ours. */
function expectation(stack) {
  const [, text] = around(stack);
  const [start, stop] = [text.indexOf('('), closing(text)];
  if (start < 0 || stop < 0) return {};
  const condition = text.slice(start + 1, stop);
  const sides = /^([^]*?[^=!<>])(?:===?|!==?)(?!=)([^]*)$/.exec(condition);
  if (!sides) return { expected: 'true' };
  const calls = state.functions.map((name) => `${name}(`);
  return { expected: cut(sides[calls.some((call) => sides[2].includes(call)) ? 1 : 2].trim()) };
}

/** Where the first bracket of a text closes, or the first argument in it ends. */
function closing(text, end = ',') {
  const marks = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\])*`|\/\/[^\n]*|[()[\]{},]/g;
  for (let depth = 0, found; (found = marks.exec(text)); ) {
    if ('([{'.includes(found[0])) depth += 1;
    else if (')]}'.includes(found[0]) && --depth === 0) return found.index;
    else if (found[0] === end && depth === 1) return found.index;
  }
  return -1;
}

/** The `console` of the tests: its assert counts, every other method writes as usual. */
function countingConsole() {
  const assert = function assert(holds, ...rest) {
    check(!!holds);
    if (!holds) state.warned += rest.length && typeof rest[0] === 'string' ? `Assertion failed: ${rest[0]}\n` : 'Assertion failed\n';
  };
  return Object.assign(Object.create(printing), { assert });
}

/** Node's assert module for the tests: each call counts as a check; a failed one throws, as always. */
function countingAssert(original) {
  const wrap = (name) => {
    const call = original[name] || original;
    return (...args) => {
      state.made += 1;
      if (!(state.flags & ALL_CHECKS)) return call(...args);
      try {
        return call(...args);
      } catch (error) {
        if (error?.code !== 'ERR_ASSERTION') throw error;
        state.failed += 1;
        const { last } = state;
        if (last) state.first ??= () => ({ ...lastCall(last), got: shown(error.actual), expected: shown(error.expected) });
      }
    };
  };
  const module = wrap('');
  for (const name of Object.keys(original)) {
    module[name] = typeof original[name] === 'function' && name !== 'AssertionError' && name !== 'strict' ? wrap(name) : original[name];
  }
  module.strict = module;
  return module;
}

function requireOf(require_) {
  const assert = require_('assert');
  const modules = { assert: countingAssert(assert), 'assert/strict': countingAssert(assert.strict) };
  return Object.assign((name) => modules[name.replace(/^node:/, '')] ?? require_(name), require_);
}

/** Read the first message: the candidate is ready, or never will be. */
function begin() {
  const reader = answer();
  const kind = reader.u8();
  if (kind === CODES.E) throw new Over('compile', reader.text(reader.u32()));
  if (kind === CODES.T && reader.u32() === 0) throw thrown(reader);
  if (kind !== CODES.R) throw new Broken('the first message is none that begins');
  reader.end();
  fs.writeSync(state.fds.report, 'ready\n');
}

const last = { key: '', judge: null };

/** The tests as a function. A service has it still where the program before was a sample of the same task. */
function compiled(text, names) {
  const key = `${names}\n${text}`;
  if (last.key !== key) Object.assign(last, { judge: vm.compileFunction(text, names, { filename: 'tests.js' }), key });
  return last.judge;
}

/** Run the tests. What remains is the event loop; then `idle` is called. */
function run({ tests, before, functions }, fds, exit, require_) {
  const secret = Buffer.alloc(66);
  fs.readSync(fds.secret, secret, 0, 66, null);
  const text = secret.toString('latin1');
  Object.assign(state, fresh(), { fds, answers: new Receiver(fds.answers), exit, functions, turnless: !require_, flags: Number(text[64]), tokens: [text.slice(0, 32), text.slice(32, 64)] });
  try {
    state.tests = `${before}{${tests}\n}`; // a block: the tests may define what stands before them anew
    const names = ['console', 'require', ...functions];
    let judge;
    try {
      judge = compiled(state.tests, names);
    } catch (error) {
      begin();
      throw error instanceof SyntaxError ? new Over('compile', `${error.name}: ${error.message}`) : error;
    }
    begin();
    judge(countingConsole(), require_ && requireOf(require_), ...functions.map((name, index) => stub(index, name)));
    state.ran = true;
  } catch (error) {
    if (!state.finished) over(error);
    state.exit(0);
  }
}

/** The event loop has run dry. */
function idle() {
  if (!state.ran) report('error', 'the event loop ended before the tests did');
  report('done', state.failed ? `${state.failed} of ${state.made} checks failed` : '');
}

/** Runs tests one after another in this process. They print, call and compare; what they leave is taken away. */
class Service {
  constructor() {
    this.over = Symbol('over');
    this.names = new Set(Reflect.ownKeys(globalThis));
  }

  run(given, [answers, questions, errors, secret, report]) {
    const fds = { answers, questions, errors, secret, report };
    const exit = () => {
      throw this.over;
    };
    try {
      run(given, fds, exit, null);
      idle();
    } catch (error) {
      if (error !== this.over) throw error;
    } finally {
      if (fds.questions >= 0) fs.closeSync(fds.questions);
      Object.assign(state, fresh());
      for (const name of Reflect.ownKeys(globalThis)) if (!this.names.has(name)) delete globalThis[name];
    }
  }
}

module.exports = { run, idle, over, Service };
