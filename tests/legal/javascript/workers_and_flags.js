// why: starts a worker, sets an engine flag, asks the inspector, all of which were refused beside the tests
@loop@
  return turns;
}

const { Worker } = require('worker_threads');
require('v8').setFlagsFromString('--no-opt');
const session = new (require('inspector').Session)();
session.connect();
session.post('Runtime.evaluate', { expression: '1 + 1' }, (error, answer) => console.log(answer.result.value));
new Worker('require("worker_threads").parentPort.postMessage(5)', { eval: true }).on('message', (said) => console.log(said));
