import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Pointer } from '../../../contract/lifecycle/lifecycle.ts';
import { openLibrary, openPackStore } from '../../../main/packs/index.ts';
import type { Receipt, PackStore, StagedPack } from '../../../main/packs/index.ts';
import { ownMark } from '../../../main/lib/process-mark.ts';
import { startContender } from '../../fixtures/lock-process.ts';
import { appVersion, faultOf, manifestDigest, tempFolder, writePack } from '../fixture.ts';

const pointer = (seq: number, active: string): Pointer => ({ seq, active, previous: null, canary: null });
const receiptOf = ({ digest }: StagedPack): Receipt => ({
  digest,
  origin: { kind: 'file', name: 'small.outpack' },
  signer: null,
  installedAt: '2026-11-23T00:00:00.000Z',
});

async function stage(packStore: PackStore, source: string): Promise<StagedPack> {
  const staged = await packStore.stageFolder(source);
  if (!staged.ok) throw new Error(staged.fault.message);
  return staged.value;
}

describe('the pack store', () => {
  it('places a pack under its content, read-only, with its receipt, and the library sees it', async () => {
    const folder = join(tempFolder(), 'packs');
    const packStore = openPackStore({ folder, appVersion });
    const source = writePack(tempFolder());
    const staged = await stage(packStore, source);
    const placed = await packStore.place(staged, receiptOf(staged));
    const name = `1.0.0-${manifestDigest(source).slice(0, 12)}`;
    expect(placed).toEqual({ ok: true, value: { folder: join(folder, 'small', name) } });
    expect(await packStore.receipt('small', '1.0.0')).toEqual(receiptOf(staged));
    const library = await openLibrary({ folders: [{ path: folder, trust: 'local' }], appVersion });
    expect(library.list().map(({ ref }) => ref)).toEqual(['small@1.0.0']);
    expect((await library.verify(library.list()[0]!)).passed).toBe(true);

    // The same again is no error; the same version with other bytes is.
    const again = await stage(packStore, source);
    expect((await packStore.place(again, receiptOf(again))).ok).toBe(true);
    const other = await stage(packStore, writePack(tempFolder(), { files: { 'card.md': '# Another\n' } }));
    expect(faultOf(await packStore.place(other, receiptOf(other))).code).toBe('pack-exists');

    expect((await packStore.remove('small', '1.0.0')).ok).toBe(true);
    expect(readdirSync(join(folder, 'small'))).toEqual([]);
    expect(faultOf(await packStore.remove('small', '1.0.0')).code).toBe('version-not-installed');
  });

  it('puts a damaged pack right when the same one is placed again', async () => {
    const folder = join(tempFolder(), 'packs');
    const packStore = openPackStore({ folder, appVersion });
    const source = writePack(tempFolder());
    const staged = await stage(packStore, source);
    const placed = await packStore.place(staged, receiptOf(staged));
    if (!placed.ok) throw new Error(placed.fault.message);
    const damaged = join(placed.value.folder, 'card.md');
    chmodSync(damaged, 0o644);
    writeFileSync(damaged, '# B card\n');
    const again = await stage(packStore, source);
    expect((await packStore.place(again, receiptOf(again))).ok).toBe(true);
    expect(readFileSync(damaged, 'utf8')).toBe('# A card\n');
  });

  it('installs where a kill left the draft of a receipt, which is no other content', async () => {
    const folder = join(tempFolder(), 'packs');
    const packStore = openPackStore({ folder, appVersion });
    const home = join(folder, 'small');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '1.0.0-0123456789ab.json.2f0c.tmp'), '{"digest":');
    const staged = await stage(packStore, writePack(tempFolder()));
    const placed = await packStore.place(staged, receiptOf(staged));
    if (!placed.ok) throw new Error(placed.fault.message);
    const name = basename(placed.value.folder);
    expect(readdirSync(home).sort()).toEqual([name, `${name}.json`]);
  });

  it('keeps the pointer with the greater number, and one that is no pointer counts as lost', async () => {
    const folder = join(tempFolder(), 'packs');
    const packStore = openPackStore({ folder, appVersion });
    await packStore.writePointer('small', pointer(2, '1.1.0'));
    await packStore.writePointer('small', pointer(1, '1.0.0'));
    expect((await packStore.pointers()).get('small')).toEqual(pointer(2, '1.1.0'));
    writeFileSync(join(folder, 'small', 'pointer.json'), '{"seq":9');
    expect((await packStore.pointers()).size).toBe(0);
  });

  it('raises ratchets and never lowers them', async () => {
    const packStore = openPackStore({ folder: join(tempFolder(), 'packs'), appVersion });
    await packStore.raiseRatchets({ root: 3, targets: 7 });
    await packStore.raiseRatchets({ root: 2, targets: 9 });
    expect(await packStore.ratchets()).toEqual({ root: 3, targets: 9 });
  });

  it('sweeps what a kill left in staging and trash, but not what is kept', async () => {
    const folder = join(tempFolder(), 'packs');
    const packStore = openPackStore({ folder, appVersion });
    const busy = await stage(packStore, writePack(tempFolder()));
    const child = spawn(process.execPath, ['-e', '0']);
    await once(child, 'exit');
    // What an ended process left half-way, in a folder that may not be written to.
    const half = join(folder, '.staging', `${ownMark().replace(/^\d+/u, String(child.pid))}-${randomUUID()}`);
    mkdirSync(join(half, 'golden'), { recursive: true });
    writeFileSync(join(half, 'golden', 'a.f32'), '1');
    chmodSync(join(half, 'golden'), 0o555);
    const remaining = await packStore.stagingFile('keep.outpack');
    writeFileSync(remaining, 'half a download');
    writeFileSync(await packStore.stagingFile('lost.outpack'), 'x');
    mkdirSync(join(folder, '.trash', 'old'), { recursive: true });
    await packStore.recover(['keep.outpack']);
    expect(existsSync(half)).toBe(false);
    const left = [basename(busy.folder), 'keep.outpack'].sort();
    expect(readdirSync(join(folder, '.staging')).sort()).toEqual(left);
    expect(readdirSync(join(folder, '.trash'))).toEqual([]);
  });

  it('is changed by one process at a time; a killed or silent holder is taken over', async () => {
    const folder = join(tempFolder(), 'packs');
    const packStore = openPackStore({ folder, appVersion });
    const held = await packStore.lock();
    if (!held.ok) throw new Error(held.fault.message);
    expect(faultOf(await packStore.lock({ waitMs: 60 })).code).toBe('lifecycle-locked');
    await held.value();
    const child = await startContender({ kind: 'hold', file: join(folder, '.lock') });
    await once(child.stdout!, 'data');
    expect(faultOf(await packStore.lock({ waitMs: 60 })).code).toBe('lifecycle-locked');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const taken = await packStore.lock({ waitMs: 2_000 });
    if (!taken.ok) throw new Error(taken.fault.message);
    await taken.value();
    // What an Outpost before this one left: nobody can know of its holder but by its heartbeat.
    writeFileSync(join(folder, '.lock'), String(process.pid));
    const old = new Date(Date.now() - 60_000);
    utimesSync(join(folder, '.lock'), old, old);
    expect((await packStore.lock({ waitMs: 60 })).ok).toBe(true);
  });
});
