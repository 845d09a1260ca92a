import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openSession } from '../../main/worker/session.ts';
import { builtEntry } from '../fixtures/built.ts';
import { identityModel } from '../fixtures/onnx-builder.ts';
import { tensorSpec } from '../fixtures/tensor-spec.ts';
import { newFolder } from '../temp/folder.ts';

const hasPrlimit = (() => {
  try {
    execFileSync('prlimit', ['--version']);
    return process.platform === 'linux';
  } catch {
    return false;
  }
})();
const folder = newFolder('scarce');
const modelFile = path.join(folder, 'model.onnx');
writeFileSync(modelFile, identityModel('float32', ['N']));
const spec = tensorSpec(modelFile);
function takeAllFiles(): number[] {
  const held: number[] = [];
  try {
    for (;;) held.push(openSync('/dev/null', 'r'));
  } catch {
    return held;
  }
}
const limitFiles = (soft: string): void =>
  void execFileSync('prlimit', ['--pid', String(process.pid), `--nofile=${soft}:`]);

test.skipIf(!hasPrlimit)(
  'a sound model that cannot be opened for want of file descriptors is not refused',
  async () => {
    const before = await openSession(spec);
    expect(before.ok).toBe(true);
    const open = readdirSync('/proc/self/fd').length;
    const [, soft = '1024'] =
      /Max open files\s+(\d+)/u.exec(
        execFileSync('cat', [`/proc/${process.pid}/limits`], { encoding: 'utf8' }),
      ) ?? [];
    limitFiles(String(open + 32));
    const held = takeAllFiles();
    try {
      const scarce = await openSession(spec);
      expect(scarce.ok || scarce.fault).toMatchObject({
        code: 'model-not-loaded',
        params: { reason: 'the system gave EMFILE' },
      });
    } finally {
      for (const each of held) closeSync(each);
      limitFiles(soft);
    }
    expect((await openSession(spec)).ok).toBe(true);
  },
);

test('a file that is no model is refused', async () => {
  const broken = path.join(folder, 'broken.onnx');
  writeFileSync(broken, 'not a model');
  const refused = await openSession({ ...spec, modelFile: broken });
  expect(refused.ok || refused.fault.code).toBe('model-rejected');
});

test.skipIf(!hasPrlimit)(
  'an engine without a file descriptor left says that its worker did not start',
  async () => {
    const script = path.join(folder, 'starts.mjs');
    const engine = path.join(folder, 'engine.mjs');
    // Its own process, since this one could no longer speak to the test runner.
    writeFileSync(
      script,
      `import { closeSync, openSync } from 'node:fs';
     import { nodeStartWorker } from ${JSON.stringify(engine)};
     const held = [];
     try { for (;;) held.push(openSync('/dev/null')); } catch {}
     nodeStartWorker(process.argv[2])({}).onExit((reason) => {
       for (const each of held) closeSync(each);
       console.log(reason);
     });`,
    );
    const { rolldown } = await import('rolldown');
    const bundle = await rolldown({ input: path.resolve('main/engine/index.ts'), platform: 'node' });
    await bundle.write({ file: engine, format: 'esm' });
    await bundle.close();
    const child = spawn('sh', [
      '-c',
      'ulimit -n 64; exec "$@"',
      'sh',
      process.execPath,
      script,
      await builtEntry('worker'),
    ]);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await new Promise((resolve) => child.on('close', resolve));
    expect(text.trim()).toMatch(/^could not be started: .*EMFILE/u);
  },
);
