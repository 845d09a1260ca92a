import AxeBuilder from '@axe-core/playwright';
import { value } from './bridge.ts';
import { expect, test } from './program.ts';

test('settings are found, put back to their default, and say which group is read; the status bar leads to them', async ({
  open,
}) => {
  const { page, complaints } = await open();
  const status = page.getByRole('contentinfo');
  const groups = page.getByRole('navigation', { name: 'Groups of settings' });
  const current = groups.locator('[aria-current]');
  const rows = page.locator('.settings-groups .setting-row');
  const find = page.getByRole('searchbox', { name: 'Find a setting' });

  await test.step('each part of the status bar opens its detail', async () => {
    await status.getByRole('button', { name: /^CPU/u }).click();
    const speed = page.getByRole('heading', { name: 'Speed' });
    await expect(speed).toBeFocused();
    await expect(speed).toBeInViewport();
    for (const name of [/^Queue \d/u, /^[\d.,]+\s?MB/u]) {
      await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Try' }).click();
      await status.getByRole('button', { name }).click();
      const now = page.getByRole('heading', { name: 'Right now', exact: true });
      await expect(now).toBeFocused();
      await expect(now).toBeInViewport();
    }
  });

  await test.step('the group that is read is marked, after a click and after scrolling', async () => {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Settings' }).click();
    await expect(current).toHaveText('Look and language');
    for (const name of ['Model updates', 'Trying new versions', 'About']) {
      await groups.getByRole('button', { name }).click();
      await expect(current).toHaveText(name);
    }
    await page.locator('.settings-groups').evaluate((element) => element.scrollTo({ top: 0 }));
    await expect(current).toHaveText('Look and language');
  });

  await test.step('a search leaves the rows that have its words, and Esc brings all back', async () => {
    const all = await rows.count();
    await find.fill('PER threads');
    await expect(rows).toHaveCount(1);
    await expect(page.getByRole('heading', { level: 2 }).filter({ visible: true })).toHaveText(['Speed']);
    await find.fill('no such thing');
    await expect(rows).toHaveCount(0);
    await expect(page.getByText('No setting has “no such thing”')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(rows).toHaveCount(all);
    await expect(find).toHaveValue('');
  });

  await test.step('what is not the default can be put back by itself', async () => {
    const reset = page.getByRole('button', { name: /^Back to the default/u });
    await expect(reset).toHaveCount(0);
    await value(page, 'settings.set', { threads: 2, feedChannel: 'north', allowUnsigned: true });
    await expect(reset).toHaveCount(3);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations).toEqual([]);
    await page.getByRole('button', { name: 'Back to the default: Channel' }).click();
    await expect(page.getByRole('textbox', { name: 'Channel' })).toHaveValue('stable');
    await expect(page.getByRole('textbox', { name: 'Channel' })).toBeFocused();
    await page.getByRole('button', { name: 'Back to the default: Unsigned models' }).click();
    await expect(page.getByRole('switch', { name: 'Unsigned models' })).not.toBeChecked();
    await page.getByRole('button', { name: 'Back to the default: Threads per worker' }).click();
    await expect(reset).toHaveCount(0);
    expect(await value(page, 'settings.get')).toMatchObject({
      threads: 'auto',
      feedChannel: 'stable',
      allowUnsigned: false,
    });
  });
  expect(complaints).toEqual([]);
});
