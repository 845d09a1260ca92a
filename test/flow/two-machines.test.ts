import { createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import type { CheckReport } from '../../contract/lifecycle/update.ts';
import { makeVersion, renamed, spoiledGolden } from '../fixtures/versions.ts';
import { isLong } from '../long.ts';
import { linesOf, outpost, photo } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

/*
 * docs/publish-a-model.md, walked by a machine: an office that publishes, a laptop with a network, and one without.
 */
const place = newFolder('two-machines');
const at = (...steps: readonly string[]): string => path.join(place, ...steps);
const feed = at('office', 'feed');
const keys = ['--keys', at('office', 'keys'), '--passphrase-file', at('office', 'passphrase')];
const photos = ['chelsea.png', 'coffee.png', 'rocket.jpg'].map(photo);
let server: Server;
let served: { method: string; bytes: number }[] = [];

beforeAll(async () => {
  for (const folder of ['office', 'stick']) mkdirSync(at(folder), { recursive: true });
  writeFileSync(at('office', 'passphrase'), 'a long walk in the northern woods\n');
  server = createServer((request, response) => {
    const file = path.join(feed, decodeURIComponent(new URL(request.url ?? '/', 'http://feed').pathname));
    if (!existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    const { size } = statSync(file);
    const range = /^bytes=(\d+)-(\d*)$/u.exec(request.headers.range ?? '');
    const start = range ? Number(range[1]) : 0;
    const end = range?.[2] ? Math.min(Number(range[2]), size - 1) : size - 1;
    served.push({ method: file, bytes: end - start + 1 });
    const headers = { 'content-length': end - start + 1, 'accept-ranges': 'bytes' };
    if (range) response.writeHead(206, { ...headers, 'content-range': `bytes ${start}-${end}/${size}` });
    else response.writeHead(200, headers);
    createReadStream(file, { start, end }).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.close();
});

const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
const laptop = (name: string, ...args: readonly string[]): ReturnType<typeof outpost> =>
  outpost([...args, '--data', at(name)]);

async function done(running: ReturnType<typeof outpost>): Promise<string> {
  const { code, out, error } = await running;
  expect(`${error}\nexit ${code}`).toMatch(/exit 0$/u);
  return out;
}
const office = (...args: readonly string[]): Promise<string> => done(outpost(['feed', ...args]));
const timeline = async (name: string): Promise<Timeline> =>
  JSON.parse(await done(laptop(name, 'models', 'timeline', 'efficientnet-lite0', '--json'))) as Timeline;
const stateOf = ({ versions }: Timeline, version: string): string | undefined =>
  versions.find((entry) => entry.version === version)?.state.kind;

async function answeringVersions(name: string): Promise<readonly string[]> {
  const out = await done(laptop(name, 'predict', '--format', 'jsonl', '--no-cache', ...photos));
  return linesOf(out).map((line) => (line as unknown as { version: string }).version);
}

async function publish(version: string, files: Parameters<typeof makeVersion>[1]['files']): Promise<void> {
  const folder = makeVersion(at('office', version), {
    id: 'efficientnet-lite0',
    version,
    ...(files && { files }),
  });
  await office('add', feed, folder, ...keys, '--note', `What ${version} changes.`);
}

async function trustOffice(name: string): Promise<void> {
  const shown = JSON.parse(await office('keys', feed, ...keys.slice(0, 2), '--json')) as {
    fingerprint: string;
  };
  const refused = await laptop(
    name,
    'models',
    'trust',
    path.join(feed, 'metadata', '1.root.json'),
    '--fingerprint',
    'f'.repeat(64),
  );
  expect(refused.error).toContain('fingerprint-differs');
  await done(
    laptop(
      name,
      'models',
      'trust',
      path.join(feed, 'metadata', '1.root.json'),
      '--fingerprint',
      shown.fingerprint,
    ),
  );
}

describe('an office and two laptops', () => {
  it('publishes, and a laptop with a network takes the delta, tries it, switches, and goes back', async () => {
    await office('init', feed, '--publisher', 'Northfield Forest Office', ...keys);
    await publish('1.1.0', { 'labels.json': renamed('tiger cat', 'striped cat') });
    expect(await answeringVersions('field')).toEqual(['1.0.0', '1.0.0', '1.0.0']);
    await done(laptop('field', 'settings', 'set', 'feed', address()));
    expect((await laptop('field', 'models', 'check')).error).toContain('feed-untrusted');
    await trustOffice('field');

    const report = JSON.parse(await done(laptop('field', 'models', 'check', '--json'))) as CheckReport;
    expect(report).toMatchObject({
      publisher: 'Northfield Forest Office',
      offers: [{ model: 'efficientnet-lite0', version: '1.1.0' }],
    });
    served = [];
    await done(laptop('field', 'models', 'get', 'efficientnet-lite0'));
    const offer = report.offers[0]!;
    const crossed = served.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(crossed).toBeLessThan(offer.size * 0.08);
    const tried = await timeline('field');
    expect([stateOf(tried, '1.0.0'), stateOf(tried, '1.1.0')]).toEqual(['active', 'on-trial']);
    expect(tried.trial?.sums.items).toBe(3);
    expect(await answeringVersions('field')).toEqual(['1.0.0', '1.0.0', '1.0.0']);

    await done(laptop('field', 'models', 'switch', 'efficientnet-lite0@1.1.0'));
    expect(await answeringVersions('field')).toEqual(['1.1.0', '1.1.0', '1.1.0']);
    server.closeAllConnections();
    await done(laptop('field', 'models', 'rollback', 'efficientnet-lite0'));
    expect(await answeringVersions('field')).toEqual(['1.0.0', '1.0.0', '1.0.0']);
    const again = JSON.parse(await done(laptop('field', 'models', 'check', '--json'))) as CheckReport;
    expect(again.offers).toEqual([]);
  });

  it('is ready to leave', async () => {
    const { code, out } = await laptop('field', 'depart');
    expect(out).toContain('golden samples passed, without a network');
    expect(code).toBe(0);
  });

  // The usual run goes this way with docs/publish-a-model.md (feed-cli).
  it.runIf(isLong)('takes a version that gives wrong answers back before it ever answers', async () => {
    await publish('1.2.0', { 'golden/golden.json': spoiledGolden });
    const got = await laptop('field', 'models', 'get', 'efficientnet-lite0');
    expect(got.error).toContain('golden-failed');
    expect(got.code).toBe(1);
    const after = await timeline('field');
    expect([stateOf(after, '1.0.0'), stateOf(after, '1.2.0')]).toEqual(['active', 'failed']);
    expect(await answeringVersions('field')).toEqual(['1.0.0', '1.0.0', '1.0.0']);
  });

  it.runIf(isLong)('reaches a laptop without a network in one file', async () => {
    await office('revoke', feed, 'efficientnet-lite0@1.2.0', ...keys, '--reason', 'wrong golden samples');
    await office('bundle', feed, '-o', at('stick', 'north.outpost'));
    await trustOffice('cabin');
    await done(laptop('cabin', 'models', 'install', at('stick', 'north.outpost')));
    const tried = await timeline('cabin');
    expect(stateOf(tried, '1.1.0')).toBe('on-trial');
    expect(tried.versions.find(({ version }) => version === '1.1.0')).toMatchObject({
      origin: { kind: 'bundle', name: 'north.outpost' },
      signer: { name: 'Northfield Forest Office' },
    });
    await done(laptop('cabin', 'models', 'switch', 'efficientnet-lite0@1.1.0'));
    expect(await answeringVersions('cabin')).toEqual(['1.1.0', '1.1.0', '1.1.0']);
  });
});
