import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { FeedServer } from '../fixtures/feed-server.ts';
import { openPipelineFeed } from '../fixtures/pipeline-feed.ts';
import { noBarriersInAnyTheme } from './barriers.ts';
import { value } from './bridge.ts';
import { trustOffice } from './office.ts';
import { answerDialog, expect, root, test } from './program.ts';

test('a model that is made of others and lacks one gets it in Try by one press, or says why not; then it answers', async ({
  open,
  folder,
}) => {
  test.setTimeout(240_000);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  const office = await openPipelineFeed(path.join(folder, 'office'));
  await office.publishPart('finder', '1.0.0');
  await office.publishPart('namer', '1.0.0');
  await office.publishWhole('forest-names', { finder: '^1.0.0', namer: '^1.0.0' });
  const server = await new FeedServer(office.feed).open();
  try {
    const first = await open({ data });
    await trustOffice({ app: first.app, page: first.page, office, address: server.address });
    await value(first.page, 'lifecycle.get', { model: 'forest-names', version: '1.0.0' });
    await value(first.page, 'settings.set', { model: 'forest-names' });
    await first.close();

    // Somebody cleared a folder of the data by hand.
    const namer = path.join(data, 'packs', 'forest-namer');
    expect(readdirSync(namer).length).toBeGreaterThan(0);
    spawnSync('chmod', ['-R', 'u+w', namer]);
    rmSync(namer, { recursive: true });

    const { app, page, complaints } = await open({ data });
    await value(page, 'settings.set', { feed: 'http://127.0.0.1:9/' });
    await answerDialog(app, [path.join(root, 'models', 'camera-names', 'samples', 'sheet.jpg')]);
    await page.getByRole('button', { name: 'Choose photos' }).click();
    const card = page.getByRole('alert', { name: 'Camera names cannot answer without forest-namer' });
    await expect(card).toBeVisible({ timeout: 60_000 });

    await test.step('without a network it says so, and that nothing has changed', async () => {
      await card.getByRole('button', { name: 'Get forest-namer' }).click();
      await expect(card.getByRole('status')).toContainText(
        'forest-namer could not be fetched; nothing has changed.',
        { timeout: 60_000 },
      );
      await expect(card.getByRole('status')).toContainText('Try again when the network is back.');
      await noBarriersInAnyTheme(page, 'a missing part');
    });

    await value(page, 'settings.set', { feed: server.address });
    await card.getByRole('button', { name: 'Try to get forest-namer again' }).click();
    await expect(page.locator('.labels').getByRole('heading')).toContainText('1 Egyptian cat', {
      timeout: 120_000,
    });
    await expect(card).toHaveCount(0);
    expect(complaints).toEqual([]);
  } finally {
    await server.close();
  }
});
