import Sqlite from 'better-sqlite3';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordRow } from '../../main/store/index.ts';
import { turn } from '../fixtures/lifecycle-rows.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { seedAnswer, seedKey, seedStore } from '../fixtures/seed-store.ts';
import { linesOf, startStoreProcess } from '../fixtures/store-process.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = newFolder();
  file = path.join(folder, 'outpost.db');
});

async function madeStore(answers: number): Promise<void> {
  await (await openTestStore(folder)).close();
  seedStore(folder, answers);
}
/** More than fits into what a full disk has left in files that are there already. */
const manyRatchets = Array.from({ length: 20_000 }, (_, n) => [`ratchet number ${n}`, n] as const);
const today = new Date().toISOString().slice(0, 10);

describe('a file that is no store', () => {
  it.each([
    [
      'garbage',
      Buffer.from('not a database, just words. '.repeat(400)),
      'its first bytes are not those of a database',
    ],
    ['zeros', Buffer.alloc(65_536), 'its first bytes are zeros, which is what a power cut can leave'],
  ])('%s is moved aside with its reason and a new one starts', async (_name, bytes, reason) => {
    writeFileSync(file, bytes);
    const store = await openTestStore(folder);
    expect(store.state()).toEqual({ kind: 'replaced', file, movedTo: `${file}.damaged-${today}`, reason });
    expect(readFileSync(`${file}.damaged-${today}`).equals(bytes)).toBe(true);
    store.putRecord('sha256:1', recordRow(seedAnswer(1)), null);
    await store.close();
    writeFileSync(file, bytes);
    const again = await openTestStore(folder);
    expect(again.state()).toMatchObject({ kind: 'replaced', movedTo: `${file}.damaged-${today}-2` });
    await again.close();
    const third = await openTestStore(folder);
    expect(third.state().kind).toBe('ready');
    await third.close();
  });

  it('a truncated one says how much is missing', async () => {
    await madeStore(2_000);
    truncateSync(file, 200_000);
    const store = await openTestStore(folder);
    expect(store.state()).toMatchObject({
      kind: 'replaced',
      reason: expect.stringMatching(/^it has 200000 bytes where it should have \d+/u),
    });
    await store.close();
  });

  it('a database of another program is not written into', async () => {
    const other = new Sqlite(file);
    other.exec('CREATE TABLE theirs (x)');
    other.close();
    const store = await openTestStore(folder);
    expect(store.state()).toMatchObject({ kind: 'replaced', reason: 'it is a database of another program' });
    await store.close();
  });

  it('an empty file becomes a store', async () => {
    writeFileSync(file, '');
    const store = await openTestStore(folder);
    expect(store.state().kind).toBe('ready');
    await store.close();
  });
});

describe('damage within', () => {
  /** Pages of an index overwritten: the store opens, and only a check finds it. */
  function scribble(): void {
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 200 * 4096, 330 * 4096);
    writeFileSync(file, bytes);
  }

  it('is found by the check after an unclean end, and by none after a clean one', async () => {
    await madeStore(2_000);
    scribble();
    const unnoticed = await openTestStore(folder);
    expect(unnoticed.state().kind).toBe('ready');
    await unnoticed.close();
    const db = new Sqlite(file);
    db.exec(
      "INSERT INTO openings (pid, process_started_ms, opened_ms, app_version) VALUES (4194305, 0, 0, '0.1.0')",
    );
    db.close();
    const store = await openTestStore(folder);
    expect(store.state()).toMatchObject({
      kind: 'replaced',
      reason: expect.stringContaining('parts of it are damaged'),
    });
    await store.close();
  });

  it('that is met while at work replaces the store, and what comes after is kept', async () => {
    await madeStore(2_000);
    scribble();
    const store = await openTestStore(folder);
    for (let n = 0; n < 2_000; n += 1) await store.record(seedKey(seedAnswer(n)));
    expect(store.state().kind).toBe('replaced');
    store.putRecord('sha256:1', recordRow(seedAnswer(1)), null);
    expect(await store.history({ limit: 10 })).toHaveLength(1);
    expect(await store.record('sha256:1')).toEqual(seedAnswer(1));
    await store.close();
  });
});

it('damage that two meet at work is set aside once: the second takes the new store of the first', async () => {
  await madeStore(2_000);
  const both = [await openTestStore(folder), await openTestStore(folder)] as const;
  const pages = openSync(file, 'r+');
  writeSync(pages, Buffer.alloc(130 * 4096, 0xa5), 0, 130 * 4096, 200 * 4096);
  closeSync(pages);
  for (const store of both) for (let n = 0; n < 2_000; n += 1) await store.record(seedKey(seedAnswer(n)));
  // Either may be the first: what a store tidies up by itself reads the damaged pages too.
  expect(both.map((store) => store.state().kind).sort()).toEqual(['ready', 'replaced']);
  both[0].putRecord('sha256:1', recordRow(seedAnswer(1)), null);
  await both[0].flush();
  expect(await both[1].record('sha256:1')).toEqual(seedAnswer(1));
  for (const store of both) await store.close();
  expect(readdirSync(folder).filter((name) => /damaged-[\d-]+$/u.test(name))).toHaveLength(1);
});

it('a store of a newer Outpost is left alone', async () => {
  await madeStore(10);
  const db = new Sqlite(file);
  db.pragma('user_version = 99');
  db.close();
  const store = await openTestStore(folder);
  expect(store.state()).toMatchObject({
    kind: 'read-only',
    reason: expect.stringContaining('newer Outpost'),
  });
  await store.close();
  expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
});

it('a lock held by another program is waited for, never taken for damage', async () => {
  await madeStore(10);
  const other = new Sqlite(file);
  other.exec('BEGIN EXCLUSIVE');
  const opening = openTestStore(folder);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  other.exec('COMMIT');
  other.close();
  const store = await opening;
  expect(store.state().kind).toBe('ready');
  expect((await store.cacheStats()).answers).toBe(10);
  await store.close();
});

const isRoot = process.getuid?.() === 0;
describe.skipIf(process.platform === 'win32')('a folder that may only be read', () => {
  it('is worked on in memory, and nothing there changes', async () => {
    await madeStore(10);
    // Root may write anywhere, so the store is opened by a process that is nobody.
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    const otherUser = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const before = readFileSync(file);
    const lines = await linesOf(
      await startStoreProcess({ folder, from: 10, count: 5, paceMs: 0 }, otherUser),
    );
    expect(lines.at(-1)).toBe('closed read-only');
    expect(readFileSync(file).equals(before)).toBe(true);
    chmodSync(folder, 0o700);
  });
});

describe.skipIf(!isRoot || process.platform !== 'linux')('a full disk', () => {
  const mount = (): string => {
    const disk = path.join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
    chownSync(disk, 0, 0);
    return disk;
  };
  afterEach(() => {
    const disk = path.join(folder, 'disk');
    if (existsSync(disk)) execFileSync('umount', ['-l', disk]);
  });

  it('is said, reads go on, and writing goes on when there is room again', async () => {
    const disk = mount();
    const store = await openTestStore(disk);
    store.putRecord('sha256:first', recordRow(seedAnswer(1)), null);
    await store.flush();
    writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(1024 ** 2));
    for (let n = 0; n < 1_500; n += 1) store.putRecord(`sha256:${n}`, recordRow(seedAnswer(n)), null);
    await store.flush();
    expect(store.state()).toMatchObject({ kind: 'disk-full' });
    expect(await store.record('sha256:first')).toEqual(seedAnswer(1));
    rmSync(path.join(disk, 'ballast'));
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    await expect.poll(() => store.state().kind, { timeout: 10_000 }).toBe('ready');
    expect((await store.cacheStats()).answers).toBe(1_501);
    await store.close();
  });

  it('takes no half of a change of versions, and says that it took none', async () => {
    const disk = mount();
    const store = await openTestStore(disk);
    try {
      writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(4 * 1024 ** 2));
    } catch {
      // Full, as it should be.
    }
    let last = 0;
    while (last < 2_000 && (await store.commitLifecycle(turn(last + 1)))) last += 1;
    expect(last).toBeLessThan(2_000);
    expect(await store.commitLifecycle(turn(last + 2))).toBe(false);
    expect(store.state().kind).toBe('disk-full');
    const seen = async (from: typeof store) => {
      const { pointers, versions } = await from.lifecycle();
      return {
        seq: pointers[0]?.pointer.seq ?? 0,
        active: versions.filter(({ state }) => state.kind === 'active').map(({ version }) => version),
        event: Number((await from.lifecycleEvents('small', 1))[0]?.at ?? 0),
      };
    };
    const active = last === 0 ? [] : [last % 2 === 0 ? '1.0.0' : '1.1.0'];
    expect(await seen(store)).toEqual({ seq: last, active, event: last });
    expect(await store.raiseRatchets(Object.fromEntries(manyRatchets))).toBe(false);
    expect(await store.ratchets()).toEqual({});
    rmSync(path.join(disk, 'ballast'));
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    expect(await store.commitLifecycle(turn(last + 3))).toBe(true);
    expect(store.state().kind).toBe('ready');
    await store.close();
    const again = await openTestStore(disk);
    expect((await seen(again)).seq).toBe(last + 3);
    await again.close();
  });

  it('that has no room for a store at all is worked on in memory until it has', async () => {
    const disk = mount();
    try {
      writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(4 * 1024 ** 2));
    } catch {
      // Full, as it should be.
    }
    const store = await openTestStore(disk);
    expect(store.state().kind).toBe('disk-full');
    store.putRecord('sha256:1', recordRow(seedAnswer(1)), null);
    expect(await store.record('sha256:1')).toEqual(seedAnswer(1));
    // What is said not to be made is not seen as made; a ratchet holds as long as the program runs.
    expect(await store.commitLifecycle(turn(1))).toBe(false);
    expect(await store.lifecycle()).toMatchObject({ versions: [], pointers: [] });
    expect([await store.raiseRatchets({ root: 2 }), await store.ratchets()]).toEqual([false, { root: 2 }]);
    rmSync(path.join(disk, 'ballast'));
    await expect.poll(() => store.state().kind, { timeout: 10_000 }).toBe('ready');
    expect(await store.commitLifecycle(turn(1))).toBe(true);
    await store.close();
  });
});
