// why: promises, timers and events that end after the last test
  setTimeout(() => console.log('later'), 5);
  Promise.resolve(1).then(() => Promise.reject(new Error('handled'))).catch(() => {});
  (async () => {
    await null;
    process.nextTick(() => setImmediate(() => {}));
  })();
  new (require('events').EventEmitter)().emit('nothing');
@loop@
  return turns;
}
