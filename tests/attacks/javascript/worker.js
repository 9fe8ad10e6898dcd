// technique: a worker thread with an inspector that connects to the main thread, for which Node 18 waits at its end
// class: forging
// expect: wrong_answer, timed_out
  const { Worker } = require('worker_threads');
  new Worker("const { Session } = require('inspector'); const s = new Session(); s.connectToMainThread();", { eval: true });
  return 0;
}
