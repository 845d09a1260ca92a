// A real worker process that goes wrong on purpose: OUTPOST_TEST_WORKER says how.
import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

const how = process.argv[2];
if (how === 'crash-at-start') process.exit(3);
const socket = connect(process.env.OUTPOST_WORKER_SOCKET);
const send = (message) => {
  const json = Buffer.from(JSON.stringify({ ...message, blobs: [] }));
  const head = Buffer.alloc(8);
  head.writeUInt32LE(json.length + 4, 0);
  head.writeUInt32LE(json.length, 4);
  socket.write(Buffer.concat([head, json]));
};
socket.on('connect', () => {
  const token = how === 'wrong-token' ? 'guess' : process.env.OUTPOST_WORKER_TOKEN;
  send({ kind: 'hello', token, pid: process.pid, onnxruntime: '0', decoder: 'sharp' });
});
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(0));
let held = Buffer.alloc(0);
let grown = 0;
let asked = 0;
const marker = how.startsWith('ran-large:') ? how.slice('ran-large:'.length) : null;
const isFirstWorker = marker !== null && !existsSync(marker);
if (isFirstWorker) writeFileSync(marker, '');
socket.on('data', (chunk) => {
  held = Buffer.concat([held, chunk]);
  while (held.length >= 4 && held.length >= 4 + held.readUInt32LE(0)) {
    const end = 4 + held.readUInt32LE(0);
    const message = JSON.parse(held.toString('utf8', 8, 8 + held.readUInt32LE(4)));
    held = held.subarray(end);
    onMessage(message);
  }
});

const refused = {
  code: 'model-rejected',
  message: '',
  hint: '',
  params: { file: 'model.onnx', reason: 'no' },
};
const lacksMemory = {
  code: 'model-not-loaded',
  message: '',
  hint: '',
  params: { model: 'model.onnx', reason: 'bad allocation' },
};

/** What the model was loaded on. */
let provider = '';

function onMessage({ kind, id, input, tensors, spec }) {
  const name = input?.name;
  if (kind === 'drain') process.exit(0);
  if (kind === 'ping') return send({ kind: 'pong', id, rssBytes: 1e6 + grown });
  if (kind === 'load' && (how.startsWith('refuses-without:') || how.startsWith('lacks-memory-without:')))
    return existsSync(how.slice(how.indexOf(':') + 1))
      ? send({ kind: 'loaded', id, inputs: [], outputs: [], loadMs: 1 })
      : send({ kind: 'failed', id, fault: how.startsWith('lacks') ? lacksMemory : refused });
  if (kind === 'load') provider = spec.provider;
  if (kind === 'load' && how.startsWith('lacks-memory-elsewhere-without:') && provider !== 'cpu')
    return existsSync(how.slice(how.indexOf(':') + 1))
      ? send({ kind: 'loaded', id, inputs: [], outputs: [], loadMs: 1 })
      : send({ kind: 'failed', id, fault: lacksMemory });
  if (kind === 'load' && how.startsWith('loads-once:')) {
    const file = how.slice('loads-once:'.length);
    if (existsSync(file)) return send({ kind: 'failed', id, fault: refused });
    writeFileSync(file, '');
  }
  if (
    kind === 'load' &&
    (how === 'loads-slowly' || (how === 'ran-after-slow-loads' && spec.modelFile.includes('root')))
  )
    return void setTimeout(() => send({ kind: 'loaded', id, inputs: [], outputs: [], loadMs: 1 }), 2_000);
  if (kind === 'load')
    return how === 'never-loads'
      ? undefined
      : send({ kind: 'loaded', id, inputs: [], outputs: [], loadMs: 1 });
  if (kind === 'cancel') return undefined;
  if (how.startsWith('ran')) {
    if (tensors?.[0]?.dims[0] === 666) process.exit(139);
    if (how === 'ran-single-rows' && tensors?.[0]?.dims[0] > 1) process.exit(139);
    // The first worker alone grows, at once beyond what a shared one may take: whoever came to it leaves it.
    if (isFirstWorker) grown += 1.2e9;
    return send({
      kind: 'ran',
      id,
      tensors: [],
      inputMs: 0,
      outputMs: 0,
      runMs: how === 'ran-slowly' ? 50 : 1,
    });
  }
  if (how === 'crash-always') process.exit(139);
  if (how === 'crash-on-bad' && String(name).includes('bad')) process.exit(139);
  if (how === 'never-answers' || (how === 'hangs-on-slow' && String(name).includes('slow'))) return undefined;
  if (how === 'grows') grown += 1e6;
  asked += 1;
  const order = asked;
  const answer = () =>
    send({
      kind: 'failed',
      id,
      fault: {
        code: 'not-a-picture',
        message: `pid ${process.pid}`,
        hint: '',
        params: { pid: process.pid, name: String(name), order, provider },
      },
    });
  if (how.startsWith('gate:')) return whenThere(how.slice(5), answer);
  setTimeout(answer, how === 'slow' ? 150 : 1);
}

/** Holds an answer until the test makes this file. */
function whenThere(file, answer) {
  if (existsSync(file)) answer();
  else setTimeout(() => whenThere(file, answer), 5);
}
