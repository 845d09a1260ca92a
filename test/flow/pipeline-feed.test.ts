// Packs that are made of others, from a web server: their parts come with them, and what is missing is said.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedServer } from '../fixtures/feed-server.ts';
import { openPipelineFeed } from '../fixtures/pipeline-feed.ts';
import type { PipelineFeed } from '../fixtures/pipeline-feed.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost, root, startOutpost } from './cli-process.ts';

const place = newFolder('pipeline-feed');
const data = path.join(place, 'data');
const sheet = path.join(root, 'models', 'camera-names', 'samples', 'sheet.jpg');
let publisher: PipelineFeed;
let server: FeedServer;
const modelsIn = (folder: string, ...args: readonly string[]): ReturnType<typeof outpost> =>
  outpost(['models', ...args, '--data', folder]);
const models = (...args: readonly string[]): ReturnType<typeof outpost> => modelsIn(data, ...args);
const get = (id: string): ReturnType<typeof outpost> => models('get', id, '--feed', server.address);
/** Archives that were asked for since the last look, in order. */
function fetched(): readonly string[] {
  const names = server.asked.flatMap(({ path: file, bytes }) =>
    file.endsWith('.outpack') && bytes > 0 ? [path.basename(file).replace(/^[0-9a-f]{64}\./u, '')] : [],
  );
  server.behave({});
  return [...new Set(names)];
}
const state = async (id: string, folder = data): Promise<readonly string[]> => {
  const shown = await modelsIn(folder, 'list', '--json');
  const all = JSON.parse(shown.out) as readonly { id: string; version: string; state: string }[];
  return all.filter((each) => each.id === id).map((each) => `${each.version} ${each.state}`);
};

beforeAll(async () => {
  publisher = await openPipelineFeed(place);
  await publisher.publishPart('finder', '1.0.0');
  await publisher.publishPart('finder', '2.0.0');
  await publisher.publishPart('namer', '1.0.0');
  await publisher.publishWhole('forest-names', { finder: '^1.0.0', namer: '^1.0.0' });
  await publisher.publishWhole('field-names', { finder: '~1.0.0', namer: '>=1.0.0 <2.0.0' });
  await publisher.publishWhole('far-names', { finder: '^1.0.0', namer: '^3.0.0' });
  server = await new FeedServer(publisher.feed).open();
  const trusted = await models('trust', publisher.rootFile, '--fingerprint', publisher.fingerprint);
  expect(trusted).toMatchObject({ code: 0 });
});
afterAll(() => server?.close());

describe('outpost models get', () => {
  it('that needs a part which the feed does not have says which, and leaves what is here alone', async () => {
    const { code, error } = await get('far-names');
    expect([code, error]).toEqual([1, expect.stringContaining('[pack-part-missing]')]);
    expect(error).toContain('forest-namer');
    expect(error).toContain('^3.0.0');
    expect([await state('far-names'), await state('forest-finder')]).toEqual([
      [],
      [expect.stringMatching(/^1\.0\.0 /u)],
    ]);
    expect((await outpost(['predict', '--data', data, sheet])).code).toBe(0);
    // The part that was found came already, and will not come again.
    expect(fetched()).toEqual([
      expect.stringContaining('far-names'),
      expect.stringContaining('forest-finder-1.0.0'),
    ]);
  });

  it('fetches the parts that are missing, each in its range, and the whole answers', async () => {
    const { code, error } = await get('forest-names');
    expect([code, error]).toEqual([0, '']);
    expect(fetched()).toEqual([
      expect.stringContaining('forest-names'),
      expect.stringContaining('forest-namer-1.0.0'),
    ]);
    expect(await state('forest-finder')).toEqual([expect.stringMatching(/^1\.0\.0 /u)]);
    const answered = await outpost(['predict', '--data', data, '--model', 'forest-names', sheet]);
    expect(answered.code).toBe(0);
    const { result } = JSON.parse(answered.out) as { result: { detections: readonly { label: string }[] } };
    expect(result.detections[0]!.label).toBe('Egyptian cat');
  });

  it('fetches nothing but the whole where its parts are here', async () => {
    expect((await get('field-names')).code).toBe(0);
    expect(fetched()).toEqual([expect.stringContaining('field-names')]);
    const again = await get('field-names');
    expect([again.code, fetched()]).toEqual([0, []]);
  });

  it('goes on where the part has come to the feed since', async () => {
    await publisher.publishPart('namer', '3.0.0');
    const { code, error } = await get('far-names');
    expect([code, error]).toEqual([0, '']);
    // The archive of the whole was kept.
    expect(fetched()).toEqual([expect.stringContaining('forest-namer-3.0.0')]);
    const answered = await outpost(['predict', '--data', data, '--model', 'far-names', sheet]);
    expect(answered.out).toContain('Egyptian cat');
  });
});

const isAskedFor = (name: string): boolean =>
  server.asked.some(
    ({ path: file, bytes }) => file.endsWith('.outpack') && file.includes(`.${name}-`) && bytes > 0,
  );

/** A get in a process of its own, killed as soon as `isTime` says so. */
async function killGet(folder: string, isTime: () => boolean): Promise<void> {
  const args = ['models', 'get', 'forest-names', '--feed', server.address, '--data', folder];
  const child = await startOutpost(args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (child.exitCode === null && !isTime()) await sleep(1);
  expect(child.exitCode).toBeNull();
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
}

describe('a get that is killed', () => {
  const packIn = (folder: string, id: string): boolean => existsSync(path.join(folder, 'packs', id));
  const times: readonly (readonly [when: string, isTime: (folder: string) => boolean])[] = [
    ['between its parts', (folder) => packIn(folder, 'forest-finder')],
    ['while a part arrives', () => isAskedFor('forest-finder')],
    ['when its parts are here and it is not', (folder) => packIn(folder, 'forest-namer')],
  ];
  it.each(times.slice(0, inLong(times.length, 1)))(
    '%s leaves no model that cannot answer, and the next get ends it',
    async (_, isTime) => {
      const folder = newFolder('killed-get');
      await modelsIn(folder, 'trust', publisher.rootFile, '--fingerprint', publisher.fingerprint);
      server.behave({});
      await killGet(folder, () => isTime(folder));
      expect(await state('forest-names', folder)).toEqual([]);
      const again = await modelsIn(folder, 'get', 'forest-names', '--feed', server.address);
      expect([again.code, again.error]).toEqual([0, '']);
      for (const id of ['forest-names', 'forest-finder', 'forest-namer'])
        expect(await state(id, folder)).toEqual([expect.stringMatching(/^1\.0\.0 /u)]);
      const answered = await outpost(['predict', '--data', folder, '--model', 'forest-names', sheet]);
      expect(answered.out).toContain('Egyptian cat');
    },
  );
});
