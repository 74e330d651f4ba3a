// One workload on Node's worker threads. Writes a list of {figure, unit, value}.
import { availableParallelism } from 'node:os';
import { MessageChannel, Worker } from 'node:worker_threads';

const workload = process.argv[2];
const smoke = process.argv.includes('--smoke');
const scale = (full, small) => (smoke ? small : full);
const now = () => process.hrtime.bigint();
const since = (begun) => Number(now() - begun);

function check(condition, what) {
  if (!condition) throw new Error(`${workload}: ${what}`);
}

/** So many rounds, or as many as fit into a second. */
function* rounds(full, small) {
  const begun = now();
  for (let round = 0; round < scale(full, small); round += 1) {
    if (round > 0 && since(begun) > scale(1e9, 5e7)) return;
    yield round;
  }
}

function share(times, part) {
  times.sort((a, b) => a - b);
  const rank = Math.ceil(times.length * part);
  return times[Math.min(Math.max(rank, 1), times.length) - 1];
}

const spread = (times) => [
  { figure: 'p50', unit: 'ns', value: share(times, 0.5) },
  { figure: 'p99', unit: 'ns', value: share(times, 0.99) },
];
const one = (unit, value, figure = '') => ({ figure, unit, value });

/** A worker that adds. */
class Counter {
  #waiting = [];

  constructor() {
    this.worker = new Worker(new URL('./counter.mjs', import.meta.url));
    this.worker.on('message', (answer) => this.#waiting.shift()(answer));
    this.worker.on('error', (error) => { throw error; });
  }

  tell(by) {
    this.worker.postMessage({ add: by });
  }

  ask(message, transfer) {
    this.worker.postMessage(message, transfer);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  sum(by) {
    return this.ask({ sum: by });
  }
}

async function timed(counter, times) {
  let sum = await counter.sum(0);
  for (let round = 0; round < times / 10; round += 1) sum = await counter.sum(1);
  const taken = [];
  for (const _ of rounds(times, times)) {
    const begun = now();
    const answer = await counter.sum(1);
    taken.push(since(begun));
    sum += 1;
    check(answer === sum, 'the answer is not the sum');
  }
  return taken;
}

function cpu(from) {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Threads that only compute, none of Node's. */
async function beside(count, ms, work) {
  const busy = Array.from({ length: count }, () => new Counter());
  await Promise.all(busy.map((counter) => counter.sum(0)));
  busy.forEach((counter) => counter.worker.postMessage({ busy: ms }));
  return work(busy);
}

const workloads = {
  async tell() {
    const counter = new Counter();
    const messages = scale(1_000_000, 20_000);
    for (let i = 0; i < messages / 10; i += 1) counter.tell(1);
    const before = await counter.sum(0);
    const begun = now();
    for (let i = 0; i < messages; i += 1) counter.tell(1);
    const sum = await counter.sum(0);
    const taken = since(begun);
    check(sum - before === messages, 'messages were lost');
    return [one('ns', taken / messages)];
  },

  async 'tell-4'() {
    const counter = new Counter();
    const messages = scale(1_000_000, 20_000) / 4;
    const senders = Array.from({ length: 4 }, () => new Counter());
    for (const sender of senders) {
      await sender.sum(0);
      const { port1, port2 } = new MessageChannel();
      counter.worker.postMessage({ listen: port1 }, [port1]);
      sender.worker.postMessage({ to: port2 }, [port2]);
    }
    const burst = (each) => Promise.all(senders.map((sender) => sender.ask({ flood: each })));
    // Between ports there is no order.
    const settled = async (sum) => {
      while (await counter.sum(0) !== sum);
    };
    await burst(messages / 10);
    await settled((4 * messages) / 10);
    const begun = now();
    await burst(messages);
    await settled((4 * messages * 11) / 10);
    return [one('ns', since(begun) / (4 * messages))];
  },

  async ask() {
    return spread(await timed(new Counter(), scale(100_000, 1_000)));
  },

  async 'ask-64'() {
    const counter = new Counter();
    await counter.sum(0);
    const begun = now();
    let asked = 0;
    for (const _ of rounds(20_000, 20)) {
      const answers = await Promise.all(Array.from({ length: 64 }, () => counter.sum(1)));
      asked += 64;
      check(answers[63] === asked, 'the last answer is not the sum');
    }
    return [one('ns', since(begun) / asked)];
  },

  async 'ask-disturbed'() {
    return beside(2, scale(5_000, 1_000), async () => (
      spread(await timed(new Counter(), scale(100_000, 100)))
    ));
  },

  async 'ask-beside-long-handlers'() {
    const handlers = scale(30, 2);
    const counter = new Counter();
    await counter.sum(0);
    return beside(availableParallelism(), 50, async (busy) => {
      for (let i = 1; i < handlers; i += 1) busy.forEach((one) => one.worker.postMessage({ busy: 50 }));
      const times = [];
      const begun = now();
      for (let sum = 1; since(begun) < (50e6 * handlers * 2) / 3; sum += 1) {
        const asked = now();
        check(await counter.sum(1) === sum, 'the answer is not the sum');
        times.push(since(asked));
      }
      return spread(times);
    });
  },

  async ring() {
    const measured = [];
    for (const size of [2, 8, 50]) {
      const ring = await makeRing(size);
      const hops = scale(20_000, 500);
      await goRound(ring, hops / 10);
      const begun = now();
      await goRound(ring, hops);
      measured.push(one('ns', since(begun) / hops, String(size)));
      await endRing(ring);
    }
    return measured;
  },

  async circular() {
    const measured = [];
    for (const size of [1, 2, 3, 50]) {
      const times = [];
      for (const _ of rounds(20, 1)) {
        const ring = await makeRing(size);
        const begun = now();
        await goRound(ring, 1_000);
        times.push(since(begun) / 1_000);
        await endRing(ring);
      }
      measured.push(one('ns', times.reduce((a, b) => a + b) / times.length, String(size)));
    }
    return measured;
  },

  async 'spawn-and-tear-down'() {
    const measured = [];
    for (const size of [1, 10, 50]) {
      const begun = now();
      let rings = 0;
      for (const _ of rounds(100, 2)) {
        await endRing(await makeRing(size));
        rings += 1;
      }
      measured.push(one('ns', since(begun) / (rings * size), `${size}, each`));
    }
    return measured;
  },

  async creation() {
    const begun = now();
    const workers = [];
    for (const _ of rounds(1_000, 10)) workers.push(new Counter());
    return [one('ns', since(begun) / workers.length)];
  },

  async 'tell-100-actors'() {
    const counters = Array.from({ length: 100 }, () => new Counter());
    await Promise.all(counters.map((counter) => counter.sum(0)));
    const times = scale(2_000, 50);
    const begun = now();
    for (let round = 0; round < times; round += 1) counters.forEach((counter) => counter.tell(1));
    for (const counter of counters) check(await counter.sum(0) === times, 'messages were lost');
    return [one('ns', since(begun) / (times * 100))];
  },

  async 'growth-live'() {
    const messages = scale(100_000, 1_000);
    const counter = new Counter();
    const others = [];
    const measured = [];
    for (const actors of scale([1, 10, 100], [1, 10])) {
      while (others.length + 1 < actors) {
        others.push(new Counter());
        await others.at(-1).sum(0);
      }
      const before = await counter.sum(0);
      const begun = now();
      for (let i = 0; i < messages; i += 1) counter.tell(1);
      check(await counter.sum(0) - before === messages, 'messages were lost');
      measured.push(one('ns', since(begun) / messages, `tell, ${actors}`));
      const times = await timed(counter, messages / 10);
      measured.push(one('ns', share(times, 0.5), `ask, ${actors}`));
    }
    return measured;
  },

  async 'growth-queued'() {
    const counter = new Counter();
    const measured = [];
    for (const queued of scale([10, 1_000, 1_000_000], [10, 1_000])) {
      const before = await counter.sum(0);
      const gate = new Int32Array(new SharedArrayBuffer(4));
      counter.worker.postMessage({ hold: gate });
      for (let i = 0; i < queued; i += 1) counter.tell(1);
      const begun = now();
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
      check(await counter.sum(0) - before === queued, 'messages were lost');
      measured.push(one('ns', since(begun) / queued, String(queued)));
    }
    return measured;
  },

  async spawn() {
    const times = [];
    for (const _ of rounds(2_000, 10)) {
      const begun = now();
      const counter = new Counter();
      check(await counter.sum(1) === 1, 'the first answer is wrong');
      await counter.worker.terminate();
      times.push(since(begun));
    }
    return [one('ns', share(times, 0.5))];
  },

  // 10,000 of them would take 80 GB: memory is of each, and CPU is none at any number.
  async idle() {
    const workers = scale(100, 10);
    const before = process.memoryUsage().rss;
    const all = [];
    for (let i = 0; i < workers; i += 1) {
      all.push(new Counter());
      check(await all[i].sum(1) === 1, 'the first answer is wrong');
    }
    const memory = (process.memoryUsage().rss - before) / workers / 1024;
    await sleep(scale(1_000, 20));
    const [from, begun] = [process.cpuUsage(), now()];
    await sleep(scale(1_000, 20));
    const load = (100 * cpu(from)) / (since(begun) / 1e9);
    return [one('KiB', memory, 'memory'), one('% of a core', load, 'CPU')];
  },

  // 1,000 workers would take 8 GB: a tenth of them is told ten times as often.
  async ticking() {
    const [actors, ticks] = scale([100, 2_000], [10, 50]);
    const counters = Array.from({ length: actors }, () => new Counter());
    await Promise.all(counters.map((counter) => counter.sum(0)));
    const [from, begun] = [process.cpuUsage(), now()];
    for (let tick = 1; tick <= ticks; tick += 1) {
      counters.forEach((counter) => counter.tell(1));
      await sleep(Math.max(0, tick - since(begun) / 1e6));
    }
    const load = (100 * cpu(from)) / (since(begun) / 1e9);
    for (const counter of counters) check(await counter.sum(0) === ticks, 'messages were lost');
    return [one('% of a core', load)];
  },

  async transfer() {
    const counter = new Counter();
    let bytes = new Uint8Array(scale(100_000_000, 1_000_000)).fill(1);
    const times = [];
    for (const round of rounds(200, 3)) {
      const { length } = bytes;
      const begun = now();
      bytes = await counter.ask({ carry: bytes }, [bytes.buffer]);
      times.push(since(begun));
      const expected = (round + 2) % 256;
      check(bytes.length === length && bytes[0] === expected && bytes[length - 1] === expected, 'the bytes are wrong');
    }
    return [one('µs', share(times, 0.5) / 1e3)];
  },

  async 'send-zst'() {
    const counter = new Counter();
    let sum = await counter.sum(0);
    const measured = [];
    for (const messages of [1, 10, 100, 1_000]) {
      const [begun, before] = [now(), sum];
      for (const _ of rounds(10_000 / messages, 2)) {
        for (let i = 1; i < messages; i += 1) counter.tell(1);
        const answer = await counter.sum(1);
        sum += messages;
        check(answer === sum, 'the answer is not the sum');
      }
      measured.push(one('ns', since(begun) / (sum - before), `${messages}, each`));
    }
    return measured;
  },

  async pool() {
    const pool = await piscina(2);
    check(await pool.run({ square: 3 }) === 9, 'the square is wrong');
    const rate = async (full, small, many) => {
      const begun = now();
      let done = 0;
      for (const round of rounds(full, small)) done += await many(round);
      return done / (since(begun) / 1e9);
    };
    const sequential = await rate(100_000, 500, async (number) => {
      check(await pool.run({ square: number }) === number * number, 'the square is wrong');
      return 1;
    });
    const atOnce = await rate(1_562, 10, async () => {
      const tasks = Array.from({ length: 64 }, (_, i) => pool.run({ square: i + 1 }));
      const sum = (await Promise.all(tasks)).reduce((a, b) => a + b);
      check(sum === 89_440, 'the sum of the squares is wrong');
      return 64;
    });
    return [one('tasks/s', sequential, 'sequential'), one('tasks/s', atOnce, '64 in flight')];
  },

  async factory() {
    const tasks = scale(10_000, 500);
    const pool = await piscina(scale(100, 10));
    const all = async () => {
      const squares = Array.from({ length: tasks }, () => pool.run({ square: 1 }));
      return (await Promise.all(squares)).reduce((a, b) => a + b);
    };
    await all();
    const begun = now();
    check(await all() === tasks, 'the sum of the squares is wrong');
    return [one('ns', since(begun) / tasks)];
  },

  async primes() {
    const { primes } = await import('./primes.mjs');
    const pool = await piscina(Math.min(2, availableParallelism()));
    const limit = scale(10_000_000, 1_000_000);
    const expected = scale(664_579, 78_498);
    const cut = (part) => Math.floor((limit * part) / 64);
    const ranges = Array.from({ length: 64 }, (_, part) => [cut(part), cut(part + 1)]);
    let [alone, shared] = [Infinity, Infinity];
    for (const _ of rounds(5, 1)) {
      let begun = now();
      check(ranges.map(primes).reduce((a, b) => a + b) === expected, 'the primes are wrong');
      alone = Math.min(alone, since(begun));
      begun = now();
      const counts = await Promise.all(ranges.map((range) => pool.run({ primes: range })));
      check(counts.reduce((a, b) => a + b) === expected, 'the primes are wrong');
      shared = Math.min(shared, since(begun));
    }
    return [one('ms', shared / 1e6, 'time'), one('× one thread', alone / shared, 'speed-up')];
  },
};

/** Workers, each with a port to the next. */
async function makeRing(size) {
  const workers = Array.from({ length: size }, () => new Counter());
  await Promise.all(workers.map((worker) => worker.sum(0)));
  const channels = workers.map(() => new MessageChannel());
  workers.forEach(({ worker }, index) => {
    const from = channels[index].port2;
    const to = channels[(index + 1) % size].port1;
    worker.removeAllListeners('message');
    worker.postMessage({ from, to }, [from, to]);
  });
  return workers.map(({ worker }) => worker);
}

/** Whoever has the 0 says so. */
function goRound(ring, hops) {
  return new Promise((resolve) => {
    const done = () => {
      ring.forEach((worker) => worker.off('message', done));
      resolve();
    };
    ring.forEach((worker) => worker.on('message', done));
    ring[0].postMessage({ pass: hops });
  });
}

const endRing = (ring) => Promise.all(ring.map((worker) => worker.terminate()));

async function piscina(workers) {
  const { Piscina } = await import('piscina');
  return new Piscina({
    filename: new URL('./task.mjs', import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
}

const measured = await workloads[workload]();
process.stdout.write(`${JSON.stringify(measured)}\n`, () => process.exit(0));
