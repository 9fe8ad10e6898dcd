// technique: a worker thread with an inspector that connects to the main thread
// class: forging
// expect: wrong_answer
  const { Worker } = require('worker_threads');
  new Worker("const { Session } = require('inspector'); const s = new Session(); s.connectToMainThread();", { eval: true });
  return 0;
}
