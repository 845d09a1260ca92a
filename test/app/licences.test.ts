import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { AppInfo } from '../../contract/calls/calls.ts';
import licences from '../../main/app/licences.json' with { type: 'json' };
import { bundledPackages } from '../../tools/write-licences.mjs';

const read = async (path: string) =>
  JSON.parse(await readFile(new URL(`../../${path}`, import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>;
    version: string;
    title: string;
  };

it('names every package that is shipped or bundled, the runtime and the models', async () => {
  const names = licences.map(({ name }) => name);
  const { dependencies } = await read('package.json');
  const { title } = await read('models/efficientnet-lite0/manifest.json');
  const due = [
    ...Object.keys(dependencies),
    ...bundledPackages(),
    'Electron',
    'Chromium',
    'Node.js',
    `${title} (model)`,
  ];
  expect(due.filter((name) => !names.includes(name))).toEqual([]);
});

it('says the versions that are pinned, and a licence for each', async () => {
  expect(AppInfo.shape.licences.safeParse(licences).success).toBe(true);
  const { dependencies } = await read('package.json');
  for (const { name, licence } of licences) expect(licence, name).not.toBe('');
  // Another version of the same package may be there for one that needs it.
  const listed = licences.map(({ name, version }) => `${name} ${version}`);
  for (const [name, pinned] of Object.entries(dependencies))
    if (/^\d/u.test(pinned)) expect(listed).toContain(`${name} ${pinned}`);
});
