import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { card, storeWith } from '../exports/card.ts';
import { newFolder } from '../temp/folder.ts';
import { commandLine, outpost, root } from './cli-process.ts';

/* An export that is killed while it writes leaves the old file whole, and the next one clears away what it left. */

const data = newFolder('data');
const items = 20_000;

beforeAll(async () => {
  const season = Array.from({ length: items }, (_, at) => ({
    name: `DCIM/${100 + Math.floor(at / 500)}RECNX/IMG_${at}.JPG`,
    result: card[at % card.length]!.result,
  }));
  await (await storeWith(data, { season })).close();
}, 120_000);

const partialsIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.partial'));
const argsFor = (format: string, out: string): readonly string[] => [
  'export',
  'season',
  '--format',
  format,
  '--out',
  out,
  '--data',
  data,
];

/** Starts an export and sends it the signal once some of its output is on disk. */
async function inMidWrite(
  format: string,
  out: string,
  signal: NodeJS.Signals,
): Promise<{ readonly child: ChildProcess; readonly partial: string }> {
  const folder = path.dirname(out);
  const before = new Set(partialsIn(folder));
  const child = spawn(process.execPath, [...(await commandLine()), ...argsFor(format, out)], {
    cwd: root,
    stdio: 'ignore',
  });
  for (;;) {
    expect([child.exitCode, child.signalCode]).toEqual([null, null]);
    const partial = partialsIn(folder).find((name) => !before.has(name));
    if (partial !== undefined && hasContent(path.join(folder, partial))) {
      child.kill(signal);
      return { child, partial };
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

function hasContent(partial: string): boolean {
  const entry = statSync(partial, { throwIfNoEntry: false });
  return entry !== undefined && (entry.isDirectory() ? readdirSync(partial).length > 0 : entry.size > 0);
}

describe.skipIf(process.platform === 'win32').each(['jsonl', 'yolo'])('an export as %s', (format) => {
  it('killed in mid-write changes nothing, and the next one leaves only itself', async () => {
    const folder = newFolder();
    const out = path.join(folder, 'answers');
    if (format === 'jsonl') writeFileSync(out, 'precious');
    const killed = await inMidWrite(format, out, 'SIGKILL');
    await once(killed.child, 'close');
    expect(partialsIn(folder)).toEqual([killed.partial]);
    expect(existsSync(out) && readFileSync(out, 'utf8')).toBe(format === 'jsonl' ? 'precious' : false);
    expect(await outpost(argsFor(format, out))).toMatchObject({ code: 0 });
    expect(readdirSync(folder)).toEqual(['answers']);
  });

  it('that is being written stays, and ends whole', async () => {
    const folder = newFolder();
    const out = path.join(folder, 'answers');
    const other = await inMidWrite(format, out, 'SIGSTOP');
    try {
      // However long ago it wrote.
      utimesSync(path.join(folder, other.partial), new Date(0), new Date(0));
      expect(await outpost(argsFor(format, out))).toMatchObject({ code: 0 });
      expect(partialsIn(folder)).toEqual([other.partial]);
      if (format === 'yolo') return;
      const ended = once(other.child, 'close');
      other.child.kill('SIGCONT');
      expect(await ended).toEqual([0, null]);
      expect(readdirSync(folder)).toEqual(['answers']);
      expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(items + 1);
    } finally {
      other.child.kill('SIGKILL');
    }
  });
});

it('what else is in the folder stays', async () => {
  const folder = newFolder();
  const others = [
    // Of a computer that cannot be seen from here.
    '.answers.0123abcd.1.1.1.ffffffff.partial',
    // Of an earlier version, written today.
    '.answers.0123abcd.1.partial',
    '.answers.0123abcd.partial',
    '.answers.jsonl.0123abcd.99999999.1.1.ffffffff.partial',
    '.answers.mine.partial',
    'answers.partial',
  ];
  for (const name of others) writeFileSync(path.join(folder, name), 'theirs');
  mkdirSync(path.join(folder, 'answers.0123abcd.partial'));
  const before = readdirSync(folder);
  expect(await outpost(argsFor('csv', path.join(folder, 'answers')))).toMatchObject({ code: 0 });
  expect(readdirSync(folder).sort()).toEqual(['answers', ...before].sort());
});
