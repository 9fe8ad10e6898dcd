// why: starts a worker, sets an engine flag, asks the inspector, all of which were refused beside the tests
  let turns = 0;
  let trend = 0;
  for (let i = 1; i < levels.length; i++) {
    const step = Math.sign(levels[i] - levels[i - 1]);
    if (step * trend < 0) turns += 1;
    if (step !== 0) trend = step;
  }
  return turns;
}

const { Worker } = require('worker_threads');
require('v8').setFlagsFromString('--no-opt');
const session = new (require('inspector').Session)();
session.connect();
session.post('Runtime.evaluate', { expression: '1 + 1' }, (error, answer) => console.log(answer.result.value));
new Worker('require("worker_threads").parentPort.postMessage(5)', { eval: true }).on('message', (said) => console.log(said));
