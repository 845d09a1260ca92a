import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Offer } from '../../contract/lifecycle/update.ts';
import { openEngine } from '../../main/composition/index.ts';
import { openLibrary, writeOutpack } from '../../main/packs/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import type { WalkPlan } from '../fixtures/lifecycle-walker.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

/*
 * A real process with a real store and real packs takes a version from a feed to active, back and forth again. It is
 * killed after each of its steps in turn; what it leaves must answer, and the next walk must come to its end.
 */
const root = path.resolve(import.meta.dirname, '../..');
const place = newFolder('kills');
const model = 'tensor-demo';
let plan: Omit<WalkPlan, 'data' | 'killAfter'>;
let files: { readonly engine: string; readonly walker: string };

beforeAll(async () => {
  const folder = makeVersion(path.join(place, 'next'), { version: '1.1.0' });
  const library = await openLibrary({ folders: [{ path: folder, trust: 'local' }], appVersion: '0.1.0' });
  const pack = library.list()[0]!;
  const archive = path.join(place, 'next.outpack');
  const written = await writeOutpack(pack, archive);
  if (!written.ok) throw new Error(written.fault.message);
  const at = '2026-11-20T00:00:00.000Z';
  const offer: Offer = {
    model,
    version: '1.1.0',
    digest: pack.digest,
    title: 'Tensor demo',
    summary: '',
    licence: 'Apache-2.0',
    note: '',
    size: written.value.size,
    deltaSize: null,
    unpackedSize: pack.sizeBytes,
    publishedAt: at,
    signer: { name: 'Northfield', key: '0'.repeat(16), at },
  };
  plan = {
    models: path.join(root, 'models'),
    worker: await builtEntry('worker'),
    store: await builtEntry('store'),
    archive,
    offer,
  };
  files = { engine: await builtEntry('composition'), walker: await builtEntry('walker') };
});

type Walked = { readonly steps: readonly string[]; readonly signal: string | null; readonly error: string };

async function walk(data: string, killAfter: number): Promise<Walked> {
  const child = spawn(process.execPath, [
    files.walker,
    files.engine,
    JSON.stringify({ ...plan, data, killAfter }),
  ]);
  const taken = { out: '', error: '' };
  child.stdout.on('data', (chunk: Buffer) => (taken.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (taken.error += chunk.toString()));
  const signal = await new Promise<string | null>((resolve) =>
    child.on('close', (_code, name) => resolve(name)),
  );
  return { steps: taken.out.split('\n').filter(Boolean), signal, error: taken.error };
}

/** What a person finds at the next start: one active version that answers, nothing half-installed. */
async function look(data: string, killedAt: string): Promise<void> {
  const { engine, lifecycle, library, close } = await openEngine({
    dataFolder: data,
    modelFolders: [plan.models],
    entries: { worker: plan.worker, store: plan.store },
    appVersion: '0.1.0',
    override: { provider: 'cpu', workers: 1, threads: 1 },
    offeredProviders: ['cpu'],
    log: () => undefined,
  });
  try {
    const shown = await lifecycle.show(model);
    if (!shown.ok) throw new Error(`${killedAt}: ${shown.fault.message}`);
    const active = shown.value.versions.filter(({ state }) => state.kind === 'active');
    expect([killedAt, active.map(({ version }) => version)]).toEqual([
      killedAt,
      [shown.value.pointer.active],
    ]);
    const listed = (await engine.models.list()).filter(({ id }) => id === model);
    expect([killedAt, listed.filter(({ state }) => state === 'refused')]).toEqual([killedAt, []]);
    for (const { version, state } of shown.value.versions) {
      const isOnDisk = library.list().some(({ ref }) => ref === `${model}@${version}`);
      const isStored = ['installed', 'on-trial', 'active', 'previous'].includes(state.kind);
      expect([killedAt, version, state.kind, isOnDisk]).toEqual([killedAt, version, state.kind, isStored]);
    }
    const golden = await engine.models.golden(model);
    expect([killedAt, golden.ok && golden.value.passed === golden.value.total]).toEqual([killedAt, true]);
    expect(golden.ok && golden.value.model).toBe(`${model}@${shown.value.pointer.active}`);
  } finally {
    await close();
  }
}

it('killed after a step from offer to roll-back, one version is active, it answers, and the walk goes on', async () => {
  const whole = await walk(path.join(place, 'whole'), 0);
  expect([whole.error, whole.steps.at(-1)]).toEqual(['', 'end']);
  const steps = whole.steps.slice(0, -1);
  expect(steps.length).toBeGreaterThanOrEqual(20);
  // In the usual run every ninth of them, the first one too.
  for (let killAfter = 1; killAfter <= steps.length; killAfter += inLong(1, 9)) {
    const data = path.join(place, `killed-${killAfter}`);
    const killed = await walk(data, killAfter);
    const killedAt = killed.steps.at(-1) ?? 'nothing';
    expect([killed.signal, killedAt]).toEqual(['SIGKILL', steps[killAfter - 1]]);
    await look(data, killedAt);
    const again = await walk(data, 0);
    expect([killedAt, again.error, again.steps.at(-1)]).toEqual([killedAt, '', 'end']);
    const staging = path.join(data, 'packs', '.staging');
    expect([killedAt, existsSync(staging) ? readdirSync(staging) : []]).toEqual([killedAt, []]);
    rmSync(data, { recursive: true, force: true });
  }
}, 600_000);
