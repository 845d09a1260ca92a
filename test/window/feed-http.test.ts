import type { Outcome } from '../../contract/faults/faults.ts';
import { authorityFile, FeedServer } from '../fixtures/feed-server.ts';
import { openPipelineFeed } from '../fixtures/pipeline-feed.ts';
import { ask, value } from './bridge.ts';
import { openOffice, swapped, trustOffice } from './office.ts';
import { expect, test } from './program.ts';

const version = { model: 'efficientnet-lite0', version: '1.1.0' };

for (const scheme of ['http', 'https'] as const)
  test(`a feed on a web server is checked and a version of it got over ${scheme}`, async ({
    open,
    folder,
  }) => {
    test.setTimeout(120_000);
    const office = await openOffice(folder);
    await office.publish('1.1.0', 'Cats are told apart anew.', {
      'labels.json': swapped('tiger cat', 'lynx'),
    });
    const server = await new FeedServer(office.feed, scheme).open();
    try {
      // The office's own authority stands in the store of the system, as its administrator would put it.
      const { app, page } = await open({ env: { SSL_CERT_FILE: authorityFile } });
      await trustOffice({ app, page, office, address: server.address });
      const nav = page.getByRole('navigation', { name: 'Places' });
      await expect(nav).toContainText('1 update');
      expect(server.asked.map(({ path }) => path)).toContain('/metadata/timestamp.json');

      // Of 25 MB only the blocks that differ cross the wire; dropped among them, it is gone on with behind what came.
      server.behave({ dropAfter: 50_000, only: /\.outpack$/u });
      expect(codeOf(await ask(page, 'lifecycle.get', version))).toBe('download-dropped');
      expect(packBytes(server)).toBeGreaterThan(50_000);
      server.behave({});
      expect(codeOf(await ask(page, 'lifecycle.get', version))).toBe('ok');
      expect(packBytes(server)).toBeLessThan(90_000);
      expect(server.asked.some(({ range }) => range !== null && !range.startsWith('bytes=0-'))).toBe(true);
      const timeline = (await value(page, 'lifecycle.list')).find(({ model }) => model === version.model);
      expect(timeline?.versions.find((one) => one.version === '1.1.0')?.state.kind).toBe('on-trial');
    } finally {
      await server.close();
    }
  });

test('a pack that is made of others is got with its parts, or says which the feed lacks', async ({
  open,
  folder,
}) => {
  test.setTimeout(240_000);
  const office = await openPipelineFeed(folder);
  await office.publishPart('finder', '1.0.0');
  await office.publishPart('namer', '1.0.0');
  await office.publishWhole('forest-names', { finder: '^1.0.0', namer: '^1.0.0' });
  await office.publishWhole('far-names', { finder: '^1.0.0', namer: '^3.0.0' });
  const server = await new FeedServer(office.feed).open();
  try {
    const { app, page } = await open();
    await trustOffice({ app, page, office, address: server.address });
    const lacking = await ask(page, 'lifecycle.get', { model: 'far-names', version: '1.0.0' });
    expect(codeOf(lacking)).toBe('pack-part-missing');
    if (!lacking.ok) expect(lacking.fault.message).toContain('forest-namer in version ^3.0.0');
    expect(codeOf(await ask(page, 'lifecycle.get', { model: 'forest-names', version: '1.0.0' }))).toBe('ok');
    const here = (await value(page, 'models.list')).map(({ id, state }) => `${id} ${state}`);
    expect(here).toEqual(
      expect.arrayContaining(['forest-names active', 'forest-finder active', 'forest-namer active']),
    );
    expect(here.join()).not.toContain('far-names');

    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Models' }).click();
    // The parts stand beside the shipped packs whose titles they bear; the pack that lacks one is still offered.
    await expect(page.getByRole('main').getByText('Camera triage', { exact: true })).toHaveCount(2);
    await expect(page.getByRole('main')).toContainText('not here');
  } finally {
    await server.close();
  }
});

test('a web server that nobody vouches for is refused, by its reason', async ({ open, folder }) => {
  const office = await openOffice(folder);
  await office.publish('1.1.0', 'Never seen.');
  const server = await new FeedServer(office.feed, 'https').open();
  try {
    const { page } = await open();
    await value(page, 'settings.set', { feed: server.address });
    const checked = await ask(page, 'updates.check');
    expect(checked.ok).toBe(false);
    if (!checked.ok) expect(checked.fault.message).toMatch(/UNABLE_TO|SELF_SIGNED|DEPTH_ZERO/u);
    expect(server.asked).toEqual([]);
  } finally {
    await server.close();
  }
});

const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.fault.code);
const packBytes = (server: FeedServer): number =>
  server.asked.reduce((sum, { path, bytes }) => sum + (path.endsWith('.outpack') ? bytes : 0), 0);
