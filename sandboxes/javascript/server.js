/* The Node fork server, and what runs in each fork: the program, its tests, the report.
 *
 * Only trusted code runs in the server itself, which never returns from `serve`. In a fork the candidate runs
 * first, then the tests, whose `console.assert` counts. Everything from `serve` down runs beside the candidate:
 * it calls nothing that the candidate can replace, holds its functions in closures of strict code (which
 * stack traces and `caller` do not reveal), and leaves no trace in modules or globals.
 *
 * Not done here: limits and isolation (cell.c), the report and the token (addon.c). 'beforeExit' and 'exit'
 * listeners of a program that ends by itself are not called. Argument 2 is the addon.
 */
'use strict';

const fs = require('fs');
const vm = require('vm');
const Module = require('module');
const { apply, construct, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys, preventExtensions, setPrototypeOf } = Reflect;
const { freeze, keys, create } = Object;
const { parse, stringify } = JSON;

const COMMON_MODULES = 'assert buffer child_process crypto events fs os path perf_hooks querystring readline stream ' +
  'string_decoder timers url util zlib js-md5';

const native = (() => {
  const holder = { exports: {} };
  process.dlopen(holder, process.argv[2]);
  return { ...holder.exports };
})();

/** Names of the language's own globals; tests get the server's values of those they mention. */
const STANDARD_NAMES = ownKeys(globalThis).filter((name) => typeof name === 'string' && /^[A-Za-z]\w*$/.test(name) &&
  !['globalThis', 'global', 'undefined', 'NaN', 'Infinity', 'eval', 'crypto', 'navigator', 'process', 'WebAssembly'].includes(name) &&
  (/^[A-Z]/.test(name) || ['console', 'parseInt', 'parseFloat', 'isNaN', 'isFinite', 'setTimeout', 'setImmediate'].includes(name)) &&
  'value' in getOwnPropertyDescriptor(globalThis, name));

/** The built-in objects that are put back before the tests, should the candidate have changed them. */
const OWNERS = (() => {
  const iterator = (iterable) => getPrototypeOf(iterable[Symbol.iterator]());
  const makers = [Array, String, Number, Object, Promise, Map, Set, RegExp, Date, BigInt, Boolean, Symbol, Function, Error];
  const iterators = [[], '', new Map(), new Set(), ''.matchAll(/x/g)].map(iterator);
  return [...makers, ...makers.map((it) => it.prototype), JSON, Math, ...iterators, getPrototypeOf(iterators[0])];
})();
const OBJECT_PROTOTYPE = Object.prototype;
const ARRAY_PROTOTYPE = Array.prototype;
const STRING_PROTOTYPE = String.prototype;
const PARENTS = freeze(OWNERS.map((owner) => freeze({ owner, parent: getPrototypeOf(owner) })));
/** What a property was, and what it has to be while the tests run. */
const pristine = (owner, key, was, wanted = was) => freeze({ owner, key, was, wanted, stays: wanted !== was });
const PRISTINE = freeze(OWNERS.flatMap((owner) => ownKeys(owner).flatMap((key) => {
  const { configurable, ...was } = getOwnPropertyDescriptor(owner, key);
  return configurable && key !== 'stackTraceLimit' ? [pristine(owner, key, freeze({ __proto__: null, configurable, ...was }))] : [];
})));

/** What the language reaches for by itself, besides symbols: in conversions, copies, loops and patterns. */
const IMPLIED = create(null);
for (const key of ['constructor', 'exec', 'flags', 'join', 'next', 'toString', 'valueOf']) IMPLIED[key] = true;
const isImplied = ({ key }) => typeof key === 'symbol' || IMPLIED[key] === true;
const ALWAYS = freeze(PRISTINE.filter(isImplied));
const BY_NAME = create(null);
for (const each of PRISTINE) if (!isImplied(each)) (BY_NAME[each.key] ??= []).push(each);
/** Symbols that no such prototype has, and that would bend conversions or the methods of strings if it had. */
const HOOKS = freeze([OBJECT_PROTOTYPE, ARRAY_PROTOTYPE, STRING_PROTOTYPE].flatMap((owner) =>
  ['toPrimitive', 'isConcatSpreadable', 'match', 'matchAll', 'replace', 'search', 'split'].map((name) => freeze({ owner, key: Symbol[name] }))));
/** What must be as it was at each check, even where nothing is fixed. */
const WATCHED = freeze([[ARRAY_PROTOTYPE, 'join'], [ARRAY_PROTOTYPE, 'toString'], [ARRAY_PROTOTYPE, Symbol.iterator],
  [OBJECT_PROTOTYPE, 'toString'], [OBJECT_PROTOTYPE, 'valueOf'], [OBJECT_PROTOTYPE, Symbol.toPrimitive],
  [ARRAY_PROTOTYPE, Symbol.toPrimitive], [STRING_PROTOTYPE, Symbol.toPrimitive]].map(freeze));
const watched = WATCHED.map(() => undefined); // what `restore` left there; full length, as a candidate hears of elements added

/** A property as it was, for good. Objects that inherit it can still be assigned one of their own. */
function fixed({ owner, key, was }) {
  const { get, set, value, enumerable } = was;
  const shape = { configurable: false, enumerable };
  if (!('value' in was)) return freeze({ __proto__: null, ...shape, get, set });
  if (owner === Math || owner === JSON) return freeze({ __proto__: null, ...shape, value, writable: false });
  return freeze({
    __proto__: null,
    ...shape,
    get: () => value,
    set(own) {
      if (this === owner || this === null || (typeof this !== 'object' && typeof this !== 'function')) return;
      defineProperty(this, key, { __proto__: null, value: own, writable: true, enumerable: true, configurable: true });
    },
  });
}

/** Those of PRISTINE that tests can reach: by their `words`, by symbol, by what is implied. What they call stays as it
 * is while they run (`called`), and if that is a method of arrays, strings or patterns (`busy`), so does what is
 * implied; anything else a legal program may still shadow. */
function reachable(words, called, busy) {
  const found = [];
  const add = (each, stays) => found.push(stays ? pristine(each.owner, each.key, each.was, fixed(each)) : each);
  for (const each of ALWAYS) add(each, busy || called[each.key] === true);
  for (const word of keys(words)) for (const each of BY_NAME[word] || []) add(each, called[word] === true);
  return freeze(found);
}

function restore({ builtins, busy }) {
  let done = true;
  for (let i = 0; i < PARENTS.length; i++) {
    const { owner, parent } = PARENTS[i];
    done &&= getPrototypeOf(owner) === parent || setPrototypeOf(owner, parent);
  }
  for (let i = 0; i < HOOKS.length; i++) {
    const { owner, key } = HOOKS[i];
    done &&= deleteProperty(owner, key);
  }
  for (let i = 0; i < builtins.length; i++) {
    const { owner, key, was, wanted, stays } = builtins[i];
    const now = getOwnPropertyDescriptor(owner, key);
    const same = now && now.value === was.value && now.get === was.get && now.set === was.set;
    done &&= (same && !stays) || defineProperty(owner, key, wanted);
  }
  for (let i = 0; i < WATCHED.length; i++) watched[i] = getOwnPropertyDescriptor(WATCHED[i][0], WATCHED[i][1]);
  if (busy) done &&= plainArrays() && preventExtensions(OBJECT_PROTOTYPE) && preventExtensions(ARRAY_PROTOTYPE) && preventExtensions(STRING_PROTOTYPE);
  if (!done) native.fail('tampered', 'a built-in function was replaced for good');
}

/** Whether an array that the tests write down has nothing but what they wrote, and converts as arrays do. */
function plainArrays() {
  if (getPrototypeOf(ARRAY_PROTOTYPE) !== OBJECT_PROTOTYPE && !setPrototypeOf(ARRAY_PROTOTYPE, OBJECT_PROTOTYPE)) return false;
  for (let i = 0; i < WATCHED.length; i++) {
    const was = watched[i];
    const now = getOwnPropertyDescriptor(WATCHED[i][0], WATCHED[i][1]);
    if (now !== was && (!now || !was || now.value !== was.value || now.get !== was.get)) return false;
  }
  return ownKeys(ARRAY_PROTOTYPE)[0] === 'length' && ownKeys(OBJECT_PROTOTYPE)[0] === 'constructor'; // an index would be first
}

/** JSON.stringify that no `toJSON` added to all objects or all arrays can bend. */
function plainStringify(value, replacer, space) {
  const forgotten = (prototype) => !getOwnPropertyDescriptor(prototype, 'toJSON') || deleteProperty(prototype, 'toJSON');
  if (!forgotten(OBJECT_PROTOTYPE) || !forgotten(ARRAY_PROTOTYPE) || !plainArrays()) {
    native.fail('tampered', 'what all objects or all arrays inherit was replaced');
  }
  return stringify(value, replacer, space);
}

/** The `console` of the tests: its assert counts, every other method is the usual one. */
function countingConsole() {
  const warn = console.warn;
  const assert = function assert(holds, ...rest) {
    native.check(!!holds);
    if (!plainArrays()) native.fail('tampered', 'what all arrays inherit was replaced');
    if (!holds) warn(rest.length && typeof rest[0] === 'string' ? `Assertion failed: ${rest[0]}` : 'Assertion failed');
  };
  return freeze({ ...console, assert });
}

/** Node's assert module for the tests: each call counts as a check; a failed one throws, as always. */
function countingAssert(original) {
  const wrap = (name) => {
    const call = original[name] || original;
    return (...args) => {
      native.check(true);
      return apply(call, original, args);
    };
  };
  const module = wrap('');
  for (const name of keys(original)) {
    module[name] = typeof original[name] === 'function' && name !== 'AssertionError' && name !== 'strict' ? wrap(name) : original[name];
  }
  module.strict = module;
  return freeze(module);
}

/** The globals of a CommonJS module, for a program that is a script. */
const programModule = (() => {
  const module = new Module('.', null);
  module.paths = [];
  const require = function require(name) {
    return module.require(name);
  };
  require.resolve = (name, options) => Module._resolveFilename(name, module, false, options);
  require.main = module;
  require.cache = Module._cache;
  require.extensions = Module._extensions;
  return { module, exports: module.exports, require };
})();

/** What the tests see under standard names, whatever the candidate made of them. */
const testValues = (() => {
  const values = create(null);
  for (const name of STANDARD_NAMES) values[name] = globalThis[name];
  values.Math = freeze(create(OBJECT_PROTOTYPE, Object.getOwnPropertyDescriptors(Math)));
  values.JSON = freeze({ parse, stringify: plainStringify });
  values.console = countingConsole();
  const assert = require('assert');
  const [loose, strict] = [countingAssert(assert), countingAssert(assert.strict)];
  const require_ = programModule.require;
  values.require = Object.assign((name) => {
    if (name === 'assert' || name === 'node:assert') return loose;
    if (name === 'assert/strict' || name === 'node:assert/strict') return strict;
    return require_(name);
  }, require_);
  return freeze(values);
})();

const NO_CODE = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
const DATA = create(null); // named by tests, and no functions: errors and classes of a program have their own
for (const key of ['name', 'message', 'length', 'prototype']) DATA[key] = true;

/** The words of a text, and those of them that follow a dot. */
function wordsOf(text) {
  const [words, called] = [create(null), create(null)];
  for (const found of text.replace(NO_CODE, ' ').match(/(?:\.\s*)?[A-Za-z_$][\w$]*/g) || []) {
    const word = found.replace(/\.\s*/, '');
    words[word] = true;
    if (found !== word && !DATA[word]) called[word] = true;
  }
  return { words, called };
}

/** Whether tests work with what they or the program made, beyond calling the program and comparing. */
function isBusy(text, called) {
  const prototypes = [ARRAY_PROTOTYPE, STRING_PROTOTYPE, RegExp.prototype];
  return /\.\.\.|`|\bof\b|\bString\b/.test(text.replace(NO_CODE, ' ')) || keys(called).some((word) => prototypes.some((it) => word in it));
}

/** Tests are compiled apart from the candidate and before it runs. They are strict code, so that the candidate
 * cannot walk up to them; their names are their own, and the candidate's top-level names are visible but for
 * `declared`: functions of the problem's own, of which the tests have theirs. */
function compileTests(tests, declared) {
  const text = `${declared}${tests}`;
  const { words, called } = wordsOf(text);
  const busy = isBusy(text, called);
  const builtins = reachable(words, called, busy);
  const names = keys(words).filter((word) => word in testValues);
  const compile = (parameters, body) => ({
    run: vm.compileFunction(`'use strict';${body}`, parameters, { filename: 'tests.js' }),
    values: parameters.map((name) => testValues[name]),
    builtins,
    busy,
  });
  const few = ['console', 'JSON', 'require'];
  for (const [parameters, body] of [[names, text], [names, tests], [few, text]]) {
    try {
      return compile(parameters, body);
    } catch {
      // They declare one of the names themselves.
    }
  }
  return compile(few, tests);
}

/** Print an error much as Node does and end with its report. The error may be anything, with any getters. */
function failWith(event, error) {
  let detail = 'an exception that cannot be shown';
  try {
    const shown = typeof error === 'object' && error !== null && typeof error.stack === 'string' ? error.stack : `Uncaught ${String(error)}`;
    if (typeof error === 'object' && error !== null && event !== 'compile') {
      if (error.code === 'ERR_ASSERTION') event = 'wrong';
      if (error.name === 'RangeError' && error.message === 'Array buffer allocation failed') event = 'memory';
    }
    detail = `${typeof error === 'object' && error !== null && error.name ? `${error.name}: ${error.message}` : shown}`;
    fs.writeSync(2, `${shown}\n`);
  } catch {
    // Showing it is a courtesy; the report below is what counts.
  }
  native.fail(event, detail);
}

/** Take away the ways from JavaScript into the process's memory and into other parts of Node. */
function closeDoors() {
  const refuse = (name) => function refused() {
    throw new Error(`${name} is not available here`);
  };
  const close = (owner, ...names) => {
    for (const name of names) defineProperty(owner, name, { value: refuse(name), writable: false, configurable: false, enumerable: true });
  };
  close(process, 'dlopen', 'binding', '_linkedBinding', '_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', 'setUncaughtExceptionCaptureCallback');
  close(require('inspector'), 'Session', 'open', 'waitForDebugger');
  close(require('worker_threads'), 'Worker');
  close(Module, 'register'); // its hooks run in a thread whose `process` is whole
  close(require('v8'), ...['writeHeapSnapshot', 'getHeapSnapshot', 'setFlagsFromString', 'setHeapSnapshotNearHeapLimit', 'queryObjects'].filter((name) => name in require('v8')));
  close(vm, 'measureMemory');
  refuseCodeCaches(close);
  for (const name of ['inspector', 'worker_threads', 'v8', 'vm']) freeze(require(name));
  defineProperty(process, '_fatalException', { value: process._fatalException, writable: false, configurable: false });
  Module.syncBuiltinESMExports();
}

/** The engine runs bytecode from a cache as it stands, so it could be written to reach any memory. */
function refuseCodeCaches(refuse) {
  const { Script: Original, createScript, runInThisContext, runInContext, runInNewContext, compileFunction } = vm;
  const uncached = (options) => {
    if (typeof options === 'string') options = { __proto__: null, filename: options };
    if (typeof options !== 'object' && options !== undefined) return options; // Node refuses it
    return { __proto__: null, ...options, cachedData: undefined, produceCachedData: undefined };
  };
  const Script = function Script(code, options) {
    return construct(Original, [code, uncached(options)], new.target);
  };
  Script.prototype = Original.prototype;
  vm.Script = Script;
  // These make scripts that our Script does not see.
  vm.createScript = (code, options) => createScript(code, uncached(options));
  vm.runInThisContext = (code, options) => runInThisContext(code, uncached(options));
  vm.runInContext = (code, context, options) => runInContext(code, context, uncached(options));
  vm.runInNewContext = (code, context, options) => runInNewContext(code, context, uncached(options));
  vm.compileFunction = (code, parameters, options) => compileFunction(code, parameters, uncached(options));
  for (const prototype of [Original.prototype, getPrototypeOf(Original.prototype)]) {
    defineProperty(prototype, 'constructor', { value: Script, writable: false, configurable: false });
    refuse(prototype, 'createCachedData');
  }
  refuse(Module, ...['enableCompileCache', 'flushCompileCache'].filter((name) => name in Module)); // Node reads it from any folder
}

/** Make the program's module its globals, and the server's own forgotten. */
function provideModule() {
  deleteProperty(Module._cache, __filename);
  process.mainModule = programModule.module;
  const values = { ...programModule, __filename: '', __dirname: '' };
  for (const name of keys(values)) {
    defineProperty(globalThis, name, { value: values[name], writable: true, configurable: true, enumerable: false });
  }
}

const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((name) => import(name)); // Node 18 lacks it

/** Evaluate one program and its tests; what remains is the event loop, then the addon reports. */
function run(preamble, candidate, tests, declared, filename) {
  let program, judge;
  try {
    program = new vm.Script(preamble + candidate, { filename, importModuleDynamically });
    judge = compileTests(tests, declared);
  } catch (error) {
    return failWith('compile', error);
  }
  try {
    program.runInThisContext();
    restore(judge);
    apply(judge.run, undefined, judge.values);
  } catch (error) {
    return failWith('error', error);
  }
  native.done();
}

/** Run everything once that a fork runs, so that it finds compiled code and opened streams. */
function warmUp() {
  for (const name of COMMON_MODULES.split(' ')) require(name);
  require('crypto').createHash('md5').update('x').digest('hex');
  console.log('%s %o', 'warm', [1, { a: 'b' }]);
  console.error(new Error('warm').stack);
  process.stdout.write('');
  new vm.Script('{ const warm = (a) => [...a].map((x) => x + 1).join(); warm([1]); `${new Map([[1, 2]])}`.split("") }', { filename: 'warm.js' }).runInThisContext();
  const judge = compileTests('const t = () => { JSON.stringify([1]) }; t()', '');
  restore(judge);
  apply(judge.run, undefined, judge.values);
}

/** Open stdout and stderr as the pipes that they are in a fork, whatever they are here. */
function warmUpOnPipes() {
  const real = [fs.openSync('/dev/null', 'w'), fs.openSync('/dev/null', 'w')];
  for (const i of [0, 1]) {
    native.replace(i + 1, real[i]);
    native.replace(-1, i + 1);
  }
  warmUp();
  for (const i of [0, 1]) {
    native.replace(real[i], i + 1);
    fs.closeSync(real[i]);
  }
}

warmUpOnPipes();
require('v8').setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc'); // a realm of its own: programs must not find a global `gc`
process.setUncaughtExceptionCaptureCallback((error) => failWith('error', error));
closeDoors();
provideModule();
defineProperty(process, 'reallyExit', { value: (status) => native.exit(status | 0), writable: false, configurable: false });
process.argv = [process.execPath, __filename];
collectGarbage();
collectGarbage();
const [preamble, candidate, tests, declared] = parse(native.serve());
process.chdir('.'); // the cell changed the directory behind Node's cache of it
const directory = process.cwd();
const filename = `${directory}/solution.js`;
programModule.module.filename = globalThis.__filename = filename;
globalThis.__dirname = directory;
process.argv[1] = filename;
defineProperty(process, 'pid', { value: native.pid(), enumerable: true, configurable: true });
run(preamble, candidate, tests, declared, filename);
