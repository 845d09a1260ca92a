import { execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, takeLock, withLockSync } from '../../main/lib/lock.ts';
import { lifeOf, ownMark } from '../../main/lib/process-mark.ts';
import { startContender } from '../fixtures/lock-process.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let file: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = newFolder('lock');
  file = path.join(folder, '.lock');
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
});

async function start(contender: Omit<Parameters<typeof startContender>[0], 'file'>): Promise<ChildProcess> {
  const child = await startContender({ file, ...contender });
  children.push(child);
  return child;
}
async function holding(
  within: readonly string[] = [],
  kind: 'hold' | 'hold-sync' = 'hold',
): Promise<ChildProcess> {
  const child = await start({ kind, within, stayMs: 60_000 });
  await once(child.stdout!, 'data');
  return child;
}
async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
const textOf = async (child: ChildProcess): Promise<string> => {
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  return text;
};
const silence = (name: string): void =>
  utimesSync(name, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));

describe('a lock', () => {
  it('is held once, told, and leaves nothing behind', async () => {
    const release = await takeLock(file, 0);
    expect(isLocked(file)).toBe(true);
    expect(await takeLock(file, 60)).toBeNull();
    expect(withLockSync(file, 60, () => 1)).toBeNull();
    await release!();
    await release!();
    expect(isLocked(file)).toBe(false);
    expect(withLockSync(file, 0, () => isLocked(file))).toEqual({ value: true });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is held by one of many processes, while some of them are killed with it in hand', async () => {
    const kinds = ['async', 'sync'] as const;
    const runs = Array.from({ length: 6 }, (_, n) =>
      start({ kind: kinds[n % 2]!, rounds: inLong(60, 25), stayMs: 2 }),
    );
    const steady = (await Promise.all(runs)).map(textOf);
    let killed = 0;
    let hasEnded = false;
    const texts = Promise.all(steady).finally(() => (hasEnded = true));
    while (!hasEnded) {
      const victim = await start({ kind: 'async', rounds: 10_000, stayMs: 2 });
      const output = textOf(victim);
      await sleep(120 + 37 * (killed % 5));
      victim.kill('SIGKILL');
      killed += 1;
      expect(await output).toBe('');
    }
    for (const text of await texts) expect(text).toBe('done\n');
    expect(killed).toBeGreaterThan(2);
    await (await takeLock(file, 1_000))!();
    expect(readdirSync(folder).filter((name) => !name.endsWith('-inside'))).toEqual([]);
  });

  it('of a killed process is taken by one of many that wait for it', async () => {
    for (let round = 0; round < inLong(4, 2); round += 1) {
      const holder = await holding();
      const waiting = Array.from({ length: 5 }, () => start({ kind: 'sync', rounds: 1, stayMs: 10 }));
      const texts = (await Promise.all(waiting)).map(textOf);
      await sleep(300);
      await kill(holder);
      for (const text of await Promise.all(texts)) expect(text).toBe('done\n');
    }
  });

  it('whose remover was killed half-way is removed by the next', async () => {
    const [holder, remover] = [await holding(), await start({ kind: 'sync', rounds: 1 })];
    await kill(holder);
    await once(remover, 'exit');
    // As between the two steps: the deed is the remover's, and the lock is still there.
    const absent = `${ownMark().replace(/^\d+/u, String(holder.pid))}-11111111-1111-1111-1111-111111111111`;
    const heir = `${ownMark().replace(/^\d+/u, String(remover.pid))}-22222222-2222-2222-2222-222222222222`;
    writeFileSync(file, absent);
    writeFileSync(`${file}.${absent}~${heir}`, absent);
    expect(await takeLock(file, 2_000)).not.toBeNull();
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('with nothing in it is one being made, and after a while a left-over', async () => {
    writeFileSync(file, '');
    expect(isLocked(file)).toBe(true);
    silence(file);
    expect(isLocked(file)).toBe(false);
    expect(await takeLock(file, 0)).not.toBeNull();
  }, 20_000);

  it('says what the file system says', async () => {
    await expect(takeLock(path.join(folder, 'none', '.lock'), 0)).rejects.toThrow('ENOENT');
  });

  it('beats while its holder is busy in one go', async () => {
    await holding([], 'hold-sync');
    const before = statSync(file).mtimeMs;
    await expect.poll(() => statSync(file).mtimeMs, { timeout: 15_000 }).toBeGreaterThan(before);
  });

  it('of a process number that another has by now is nobody’s', () => {
    const [pid, start, ...rest] = ownMark().split('.');
    expect(lifeOf(ownMark())).toBe('alive');
    if (start !== '0') expect(lifeOf([pid, Number(start) - 1, ...rest].join('.'))).toBe('gone');
    expect(lifeOf([pid, start, rest[0], '00000001'].join('.')), 'before a restart').toBe('unknown');
    expect(lifeOf('12345')).toBe('unknown');
  });
});

const unshare = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
const hasNamespaces = ((): boolean => {
  try {
    execFileSync(unshare[0]!, [...unshare.slice(1), 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(hasNamespaces)('a lock of another container', () => {
  it('is not taken while its holder lives, whose number says nothing here, and is when it fell silent', async () => {
    const holder = await holding(unshare);
    const token = readFileSync(file, 'utf8');
    expect(lifeOf(token.slice(0, token.indexOf('-')))).toBe('unknown');
    expect(token.split('.')[0]).toBe('1');
    // Overdue as after a sleep: it is watched, beats, and stays.
    silence(file);
    expect(await takeLock(file, 0)).toBeNull();
    expect(readFileSync(file, 'utf8')).toBe(token);
    await kill(holder);
    expect(isLocked(file), 'for a moment nobody can know').toBe(true);
    silence(file);
    const release = await takeLock(file, 0);
    expect(release).not.toBeNull();
    await release!();
    expect(readdirSync(folder)).toEqual([]);
  }, 40_000);
});
