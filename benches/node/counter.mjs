// A worker that adds, computes, carries bytes and passes numbers on.
import { parentPort } from 'node:worker_threads';

let sum = 0;
let next;

function pass(left) {
  if (left > 0) next.postMessage(left - 1);
  else parentPort.postMessage('done');
}

function handle(message) {
  if ('add' in message) {
    sum += message.add;
  } else if ('sum' in message) {
    sum += message.sum;
    parentPort.postMessage(sum);
  } else if ('busy' in message) {
    const end = performance.now() + message.busy;
    while (performance.now() < end);
  } else if ('carry' in message) {
    const bytes = message.carry;
    bytes[0] += 1;
    bytes[bytes.length - 1] += 1;
    parentPort.postMessage(bytes, [bytes.buffer]);
  } else if ('hold' in message) {
    Atomics.wait(message.hold, 0, 0);
  } else if ('listen' in message) {
    message.listen.on('message', handle);
  } else if ('flood' in message) {
    for (let i = 0; i < message.flood; i += 1) next.postMessage({ add: 1 });
    parentPort.postMessage(0);
  } else if ('from' in message) {
    next = message.to;
    message.from.on('message', pass);
  } else if ('to' in message) {
    next = message.to;
  } else {
    pass(message.pass);
  }
}

parentPort.on('message', handle);
