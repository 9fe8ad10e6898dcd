// technique: walks from the call to the tests that made it
// class: forging
// expect: wrong_answer
  const was = Error.prepareStackTrace;
  Error.prepareStackTrace = (_, sites) => sites;
  for (const site of new Error().stack) {
    const caller = site.getFunction() || site.getThis();
    if (caller && caller !== globalThis) console.log(String(caller));
  }
  Error.prepareStackTrace = was;
  (function walk() {
    try {
      console.log(String(walk.caller.caller), String(arguments.callee.caller.caller));
    } catch {
      return;
    }
  })();
  return 0;
}
