// technique: worker threads answer beside the dispatcher
// class: forging
// expect: wrong_answer, timed_out, runtime_error, tampered
// limits: wall_s=5
  return 0;
}

const { Worker } = require('worker_threads');
const answering = "for (let n = 1; n < 15; n++) { const b = Buffer.alloc(22); b[0] = 18; b[4] = 86; b[5] = n; b[9] = 100; b.writeDoubleLE(2, 10); require('fs').writeSync(4, b); }";
for (let i = 0; i < 3; i++) new Worker(answering, { eval: true });
