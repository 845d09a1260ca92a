import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openPackStore } from '../../../main/packs/index.ts';
import { runChild } from '../../fixtures/killed-child.ts';
import { makeKeys } from '../../fixtures/feed-builder.ts';
import { killedBeforeEachStep } from '../../long.ts';
import { codeOf, Desk, noon } from './desk.ts';

it('a check, killed before each of its steps: nothing seen is forgotten, and the next one is sound', async () => {
  const desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.publish({ version: 5 });
  desk.trustFirstRoot();
  const firstRoot = join(desk.folder, 'first-root.json');
  await writeFile(firstRoot, desk.feed.firstRoot);
  const packs = join(desk.folder, 'packs');
  const packStore = openPackStore({ folder: packs, appVersion: '0.4.0' });
  desk.ratchets = { read: () => packStore.ratchets(), raise: (values) => packStore.raiseRatchets(values) };
  await desk.feed.publish({ version: 4 });
  const stale = join(desk.folder, 'stale');
  await cp(desk.feed.folder, stale, { recursive: true });
  await desk.feed.publish({ version: 5 });
  expect(codeOf(await desk.check())).toBe('sound');
  const before = join(desk.folder, 'before');
  await mkdir(before);
  for (const name of ['trust', 'packs'])
    await cp(join(desk.folder, name), join(before, name), { recursive: true });
  await desk.feed.root({ keys: makeKeys() });
  await desk.feed.publish({ version: 6 });

  const attempt = async (step: number): Promise<'killed' | 'done'> => {
    for (const name of ['trust', 'packs']) {
      await rm(join(desk.folder, name), { recursive: true, force: true });
      await cp(join(before, name), join(desk.folder, name), { recursive: true });
    }
    const ended = await runChild('killed-check', [
      desk.feed.folder,
      desk.trustFolder,
      packs,
      firstRoot,
      noon.toISOString(),
      String(step),
    ]);
    expect(ended.output).toBe('');
    const updates = await desk.updates();
    const how = { signal: new AbortController().signal };
    const here = { appVersion: '0.4.0', deviceId: 'd', installed: [], denied: [] };
    const old = await updates.check({ source: { kind: 'folder', path: stale }, here }, how);
    expect(['trust-rollback', 'trust-root-rollback']).toContain(codeOf(old));
    expect(codeOf(await desk.check())).toBe('sound');
    const [publisher = ''] = (await readdir(desk.trustFolder)).filter((name) => /^[0-9a-f]{16}$/u.test(name));
    expect(await readdir(join(desk.trustFolder, publisher))).toEqual(['metadata']);
    return ended.signal === null ? 'done' : 'killed';
  };
  expect(await killedBeforeEachStep(attempt, { every: 6 })).toBeGreaterThan(15);
  await desk.close();
}, 240_000);
