/* The Node fork server. A program is two forks, each in a box of its own: its tests (tests.js) and itself (program.js).
 *
 * Only trusted code runs in the server, which never returns from `serve`. Not done here: limits and isolation (box.c),
 * the fork and the end of the event loop (addon.c). 'beforeExit' and 'exit' listeners of a program that ends by itself are
 * not called. Argument 2 is the addon. With argument 3, `tests`, it is no fork server but the warm service that runs tests
 * which leave nothing behind (steps.py says which).
 */
'use strict';

const fs = require('fs');
const vm = require('vm');
const Module = require('module');
const program = require('./program.js');
const testsSide = () => require('./tests.js'); // where it is needed: what the server has loaded, every fork carries

const COMMON_MODULES = 'assert buffer child_process crypto events fs os path perf_hooks querystring readline stream ' +
  'string_decoder timers url util zlib js-md5';
const { defineProperty } = Object;

const native = (() => {
  const holder = { exports: {} };
  process.dlopen(holder, process.argv[2]);
  return holder.exports;
})();

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

/** Make the program's module its globals, and the server's own forgotten. */
function provideModule() {
  for (const file of Object.keys(Module._cache)) if (file.startsWith(__dirname) && !file.includes('/modules/')) delete Module._cache[file];
  process.mainModule = programModule.module;
  const values = { ...programModule, __filename: '', __dirname: '' };
  for (const name of Object.keys(values)) {
    defineProperty(globalThis, name, { value: values[name], writable: true, configurable: true, enumerable: false });
  }
}

/** Run everything once that a fork runs, so that it finds compiled code and opened streams. */
function warmUp() {
  for (const name of COMMON_MODULES.split(' ')) require(name);
  require('crypto').createHash('md5').update('x').digest('hex');
  console.log('%s %o', 'warm', [1, { a: 'b' }]);
  console.error(new Error('warm').stack);
  process.stdout.write('');
  new vm.Script('{ const warm = (a) => [...a].map((x) => x + 1).join(); warm([1]); `${new Map([[1, 2]])}`.split("") }', { filename: 'warm.js' }).runInThisContext();
  const pipe = (ends = []) => native.pipe(ends) ?? ends;
  program.warmUp(pipe, beProgram);
  process.setUncaughtExceptionCaptureCallback(null);
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

/** Be the program's process. */
function beProgram({ source, functions }) {
  process.chdir('.'); // the box changed the directory behind Node's cache of it
  const directory = process.cwd();
  const filename = `${directory}/solution.js`;
  programModule.module.filename = globalThis.__filename = filename;
  globalThis.__dirname = directory;
  process.argv[1] = filename;
  process.setUncaughtExceptionCaptureCallback((error) => {
    program.show(error);
    native.exit(1);
  });
  program.run(source, functions, filename, native.exit);
}

/** Be the tests' process: what they print goes to stderr, stdin and stdout are the pipes. */
function beTests(given) {
  const [answers, questions] = [native.lift(0), native.lift(1)];
  native.replace(fs.openSync('/dev/null', 'r'), 0);
  native.replace(2, 1);
  const tests = testsSide();
  native.atEnd(tests.idle);
  process.setUncaughtExceptionCaptureCallback(tests.over);
  tests.run(given, { answers, questions, errors: 2, secret: 3, report: 4 }, native.exit, programModule.require);
}

/** Be the service that runs the tests of many programs, one after another. Does not return. */
function serveTests() {
  const service = new (testsSide().Service)();
  for (;;) {
    const fds = [];
    const given = JSON.parse(native.take(fds));
    try {
      service.run(given, fds);
    } finally {
      for (const [at, fd] of fds.entries()) if (at !== 1) fs.closeSync(fd); // the questions are closed when they end
    }
  }
}

if (process.argv[3] === 'tests') serveTests();
warmUpOnPipes();
provideModule();
defineProperty(process, 'reallyExit', { value: (status) => native.exit(status | 0), writable: false, configurable: false });
process.argv = [process.execPath, __filename];
for (const name of ['LD_BIND_NOW', 'LD_PRELOAD']) delete process.env[name];

/** Fork for each request; returns in a fork, as what was asked for. */
function serve() {
  const request = JSON.parse(native.serve());
  defineProperty(process, 'pid', { value: native.pid(), enumerable: true, configurable: true });
  if (request.half === 'tests') {
    beTests(request);
  } else {
    native.atEnd(program.idle);
    beProgram(request);
  }
}

// Once around the event loop first, so that a fork does not compile what Node does there.
setTimeout(() => setImmediate(() => Promise.resolve().then(() => process.nextTick(() => setImmediate(serve)))), 1);
