// technique: domains and capture callbacks that swallow what the tests throw
// class: forging
// expect: runtime_error
  throw new Error('swallowed');
}

for (const way of [
  () => require('domain').create().on('error', () => {}).enter(),
  () => process.setUncaughtExceptionCaptureCallback(() => {}),
  () => Object.defineProperty(process, '_fatalException', { value: () => true }),
]) {
  try {
    way();
  } catch {
    continue;
  }
}
