// technique: an error in a rejected promise, hidden behind a loop that never ends
// class: forging
// expect: runtime_error, timed_out
// limits: wall_s=3
  Promise.reject(new Error('hidden'));
@loop@
  return turns;
}

if (typeof tideTurns) {
  process.on('unhandledRejection', () => {});
  setInterval(() => {}, 1000);
}
