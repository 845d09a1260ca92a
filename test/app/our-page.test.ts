import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { windowCallNames } from '../../contract/calls/call-names.ts';
import { callNames, calls } from '../../contract/calls/calls.ts';
import { isOurPage } from '../../main/app/our-page.ts';

const top = (url: string) => ({ parent: null, url });

it('is known by its scheme, its host and its frame', () => {
  expect(isOurPage(top('outpost://app/index.html'), undefined)).toBe(true);
  expect(isOurPage(null, undefined)).toBe(false);
  expect(isOurPage({ parent: top('outpost://app/'), url: 'outpost://app/index.html' }, undefined)).toBe(
    false,
  );
  for (const url of [
    'outpost://photo/f1',
    'https://app/',
    'file:///app/',
    'data:text/html,x',
    'about:blank',
    '',
    'outpost:app',
    'http://localhost:5173/',
    'outpost://app.example/',
  ])
    expect(isOurPage(top(url), undefined), url).toBe(false);
});

it('comes from the development server only when there is one', () => {
  const server = 'http://localhost:5173';
  expect(isOurPage(top('http://localhost:5173/x'), server)).toBe(true);
  for (const url of ['http://localhost:5174/', 'https://localhost:5173/', 'http://localhost.example:5173/'])
    expect(isOurPage(top(url), server), url).toBe(false);
});

it('is given exactly the calls that the table has for it', () => {
  expect([...windowCallNames].sort()).toEqual(
    callNames.filter((name) => (calls[name].clients as readonly string[]).includes('window')).sort(),
  );
});

it('is answered through one wrapper: nowhere else is a channel opened or a message sent', async () => {
  const root = join(import.meta.dirname, '..', '..');
  const speaking: string[] = [];
  for (const room of ['main', 'preload'])
    for (const entry of await readdir(join(root, room), { recursive: true })) {
      if (!entry.endsWith('.ts')) continue;
      const text = await readFile(join(root, room, entry), 'utf8');
      if (/\bipcMain\b|\bipcRenderer\b|eventChannel,/u.test(text))
        speaking.push(`${room}/${entry.replaceAll('\\', '/')}`);
    }
  expect(speaking.sort()).toEqual(['main/app/ipc.ts', 'preload/index.ts']);
});
