import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Receipt } from '../../contract/runs/receipt.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost, plantPhotos, startOutpost } from './cli-process.ts';

test('the ranger: a card is copied over two kills, its receipt says that it may be formatted, its photos are answered, and the run is exported', async () => {
  const folder = newFolder();
  const [card, into, data] = ['card', 'copies', 'data'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const dcim = path.join(card, 'DCIM', '100RECNX');
  // As large as a camera's, so that a kill meets a card that is half copied; they end as a JPEG does.
  const end = Buffer.concat([Buffer.alloc(3_000_000), Buffer.from([0xff, 0xd9])]);
  for (const file of plantPhotos(dcim, 40)) appendFileSync(file, end);
  writeFileSync(path.join(dcim, 'CLIP0001.AVI'), Buffer.alloc(100_000));
  const args = ['card', 'copy', card, '--into', into, '--place', 'Waterhole 3', '--data', data];
  for (const killAfter of [4, 20]) {
    const child = await startOutpost(args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let lines = 0;
    const ended = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
    child.stdout?.on('data', (chunk: Buffer) => {
      lines += chunk.toString().split('\n').length - 1;
      if (lines > killAfter && child.exitCode === null) process.kill(-child.pid!, 'SIGKILL');
    });
    expect(await ended).toBe('SIGKILL');
  }
  const done = await outpost(args);
  expect(done.code).toBe(0);
  const lines = done.out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[0]).toMatchObject({ card: 'looked', files: 41 });
  const copiedNow = lines.filter(({ file }) => file !== undefined).length;
  expect(copiedNow).toBeLessThan(41 - 4);
  const receipt = Receipt.parse(lines.find(({ receipt: found }) => found !== undefined)?.['receipt']);
  expect(receipt).toMatchObject({ files: 41, copied: 41, mayBeFormatted: true, site: 'Waterhole 3' });
  expect(readdirSync(path.join(receipt.copy, 'DCIM', '100RECNX'))).toEqual(readdirSync(dcim));
  const ended = lines.at(-1)!;
  expect(ended).toMatchObject({ title: 'Waterhole 3', state: 'done', counts: { answered: 40, faults: 0 } });

  const csv = path.join(folder, 'card.csv');
  const exported = await outpost([
    'export',
    String(ended['run']),
    '--format',
    'csv',
    '--out',
    csv,
    '--data',
    data,
  ]);
  expect(exported.code).toBe(0);
  expect(readFileSync(csv, 'utf8').trim().split('\n')).toHaveLength(41);

  // The card again: nothing is new, and what the first copy has is read back.
  const again = await outpost([...args, '--json']);
  expect(again.code).toBe(0);
  expect(again.out).toContain('"copied":0');
  expect(JSON.parse(again.out.split('\n')[0] ?? '')).toMatchObject({ card: 'looked', copy: null, known: 41 });

  // Where to is a setting, which the window has too.
  const elsewhere = path.join(folder, 'elsewhere');
  expect((await outpost(['settings', 'set', 'cardFolder', elsewhere, '--data', data])).code).toBe(0);
  const usual = await outpost(['card', 'copy', card, '--all', '--no-run', '--data', data]);
  expect([usual.code, readdirSync(elsewhere).length]).toEqual([0, 4]);
  expect(JSON.parse(usual.out.split('\n')[0] ?? '')).toMatchObject({ files: 41, known: 0 });
}, 240_000);

test('a copy that is stopped by hand says that it is kept, and the same command goes on with it', async () => {
  const folder = newFolder();
  const card = path.join(folder, 'card');
  for (const file of plantPhotos(path.join(card, 'DCIM'), 20)) appendFileSync(file, Buffer.alloc(3_000_000));
  const args = ['card', 'copy', card, '--into', path.join(folder, 'copies'), '--no-run', '--data', folder];
  let isStopped = false;
  const stopped = await outpost(args, {
    onOut: (text, child) => {
      if (isStopped || !text.includes('"file"')) return;
      isStopped = true;
      process.kill(-child.pid!, 'SIGINT');
    },
  });
  expect(stopped.code).toBe(130);
  expect(stopped.error).toContain('Stopped. What is copied is kept: the same command goes on with it.');
  const copied = (out: string): number => out.split('\n').filter((line) => line.startsWith('{"file"')).length;
  const resumed = await outpost(args);
  expect(resumed.code).toBe(0);
  expect(copied(stopped.out)).toBeGreaterThan(0);
  expect(copied(stopped.out) + copied(resumed.out)).toBe(20);
}, 120_000);

test('no card, an unknown folder and a misspelt option are said with their exit codes', async () => {
  const data = newFolder();
  const into = path.join(data, 'copies');
  const missing = await outpost(['card', 'copy', path.join(data, 'none'), '--into', into, '--data', data]);
  expect([missing.code, missing.error]).toEqual([1, expect.stringContaining('card-not-found')]);
  const nowhere = await outpost(['card', 'copy', data, '--data', data]);
  expect([nowhere.code, nowhere.error]).toEqual([1, expect.stringContaining('--into')]);
  const listed = await outpost(['card', 'list', '--json', '--data', data]);
  expect([listed.code, Array.isArray(JSON.parse(listed.out))]).toEqual([0, true]);
});
