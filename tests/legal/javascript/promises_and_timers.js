// why: promises, timers and events that end after the last test
  setTimeout(() => console.log('later'), 5);
  Promise.resolve(1).then(() => Promise.reject(new Error('handled'))).catch(() => {});
  (async () => {
    await null;
    process.nextTick(() => setImmediate(() => {}));
  })();
  new (require('events').EventEmitter)().emit('nothing');
  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
  return turns;
}
