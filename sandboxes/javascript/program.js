/* The candidate's side of the wall: evaluates the program, then answers the calls of its tests, until they end.
 *
 * What a program does to this code it does to itself: it can only answer.
 */
'use strict';

const fs = require('fs');
const vm = require('vm');
const { isPromise, isNativeError } = require('util').types;
const { CODES, Reader, Writer, receive, send } = require('./values.js');

const QUESTIONS = 3;
const ANSWERS = 4;
const UNSETTLED = 13; // Node's own status for a promise at the top that nobody settles
const { apply } = Reflect;
const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((name) => import(name)); // Node 18 lacks it

const writer = new Writer();
const state = { ended: false, exit: null };

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
  send(ANSWERS, writer.message());
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
  send(ANSWERS, writer.message());
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
    const bytes = receive(QUESTIONS);
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
      send(ANSWERS, writer.message());
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
    send(ANSWERS, writer.message());
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
  send(ANSWERS, writer.message());
  answer(functions);
}

/** The event loop has run dry. */
function idle() {
  state.exit(state.ended ? process.exitCode ?? 0 : UNSETTLED);
}

module.exports = { run, idle, show };
