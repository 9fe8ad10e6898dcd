/* The candidate's side of the wall: evaluates the program, then answers the calls of its tests, until they end.
 *
 * What a program does to this code it does to itself: it can only answer.
 */
'use strict';

const { Buffer, RangeError, ReferenceError, Reflect, String, process } = globalThis; // a program may name its own so
const fs = require('fs');
const vm = require('vm');
const { isPromise, isNativeError } = require('util').types;
const { CODES, Reader, Receiver, Writer, send } = require('./values.js');

const UNSETTLED = 13; // Node's own status for a promise at the top that nobody settles
const { apply } = Reflect;
const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((name) => import(name)); // Node 18 lacks it

const writer = new Writer();
const state = { ended: false, exit: null, questions: new Receiver(3), answers: 4 };

function cut(text, length) {
  return text.length > length ? text.slice(0, length) : text;
}

/** What an error says; it may be anything, with any getters. */
function described(error) {
  try {
    if (typeof error !== 'object' || error === null) return ['', String(error), `Uncaught ${String(error)}`];
    return [`${error.name}`, `${error.message}`, typeof error.stack === 'string' ? error.stack : `${error}`];
  } catch {
    return ['Error', 'an exception that cannot be shown', ''];
  }
}

function threw(number, error) {
  const [name, message, trace] = described(error);
  writer.start();
  writer.u8(CODES.T);
  writer.u32(number);
  writer.u8(name === 'RangeError' && message === 'Array buffer allocation failed' ? 1 : 0);
  writer.text(cut(name, 100));
  writer.text(cut(message, 330));
  writer.text(cut(trace, 660));
  send(state.answers, writer.message());
}

function returned(number, result, given, before) {
  writer.start();
  writer.u8(CODES.V);
  writer.u32(number);
  writer.whole(result);
  if (result === undefined && changed(given, before)) {
    writer.u32(given.length);
    for (let i = 0; i < given.length; i++) writer.whole(given[i]);
  } else {
    writer.u32(0);
  }
  send(state.answers, writer.message());
}

/** Whether arguments would be written otherwise than they came. */
function changed(given, before) {
  const now = new Writer();
  for (let i = 0; i < given.length; i++) now.whole(given[i]);
  return Buffer.compare(now.bytes.subarray(4, now.at), before) !== 0;
}

/** Answer calls until there is none, or until one has to wait for a promise. */
function answer(functions) {
  for (;;) {
    const bytes = state.questions.next();
    if (bytes === null) {
      state.ended = true;
      return;
    }
    const reader = new Reader(bytes);
    reader.u8();
    const number = reader.u32();
    const called = functions[reader.u32()];
    reader.u8();
    const given = [];
    const count = reader.u32();
    const at = reader.at;
    for (let i = 0; i < count; i++) given.push(reader.value());
    let result;
    try {
      result = called.value === undefined ? missing(called.name) : apply(called.value, undefined, given);
      if (!isPromise(result)) {
        returned(number, result, given, bytes.subarray(at));
        continue;
      }
    } catch (error) {
      threw(number, error);
      continue;
    }
    const settled = (kind) => (value) => {
      writer.start();
      writer.u8(CODES.V);
      writer.u32(number);
      const said = kind === 'Promise' ? value : described(value).slice(0, 2);
      try {
        writer.named(kind, said, 0);
      } catch {
        writer.start();
        return threw(number, new RangeError('a promise for a value that cannot be sent'));
      }
      writer.u32(0);
      send(state.answers, writer.message());
      answer(functions);
    };
    result.then(settled('Promise'), settled('Rejection'));
    return;
  }
}

function missing(name) {
  throw new ReferenceError(`${name} is not defined`);
}

/** Show an error as Node does. */
function show(error) {
  try {
    fs.writeSync(2, `${described(error)[2]}\n`);
  } catch {
    // It is a courtesy.
  }
}

/** Evaluate the program and answer for it. What remains is the event loop; then `idle` is called. */
function run(source, names, filename, exit) {
  state.exit = exit;
  let script;
  try {
    script = new vm.Script(source, { filename, importModuleDynamically });
  } catch (error) {
    show(error);
    writer.start();
    writer.u8(CODES.E);
    writer.text(cut(described(error).slice(0, 2).join(': '), 330));
    send(state.answers, writer.message());
    return exit(1);
  }
  let functions;
  try {
    script.runInThisContext();
    const values = names.map((name) => `{ name: '${name}', value: typeof ${name} === 'undefined' ? undefined : ${name} }`);
    functions = vm.runInThisContext(`[${values}]`);
  } catch (error) {
    show(error);
    threw(0, error);
    return exit(1);
  }
  writer.start();
  writer.u8(CODES.R);
  send(state.answers, writer.message());
  answer(functions);
}

/** The event loop has run dry. */
function idle() {
  state.exit(state.ended ? process.exitCode ?? 0 : UNSETTLED);
}

/** Be a program, by `be`, that answers a few calls over pipes of our own: a fork finds the code compiled. `pipe` gives one as [out, in]. */
function warmUp(pipe, be) {
  const [questions, asking] = pipe();
  const [answers, answering] = pipe();
  Object.assign(state, { questions: new Receiver(questions), answers: answering });
  for (let number = 1; number < 4; number++) {
    writer.start();
    writer.u8(CODES.C);
    writer.u32(number);
    writer.u32(number % 2);
    writer.u8(1);
    writer.u32(2);
    writer.value([1, 2.5, [true]], 1);
    writer.value('text', 1);
    send(asking, writer.message());
  }
  fs.closeSync(asking);
  be({ source: '0', functions: ['((list) => void list.pop())', '((list, text) => ({ [text]: [...list, ...list], none: null }))'] });
  for (const fd of [questions, answers, answering]) fs.closeSync(fd);
  Object.assign(state, { ended: false, questions: new Receiver(3), answers: 4 });
}

module.exports = { run, idle, show, warmUp };
