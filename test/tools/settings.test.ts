import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const builderRequire = createRequire(path.join(root, 'node_modules', 'app-builder-lib', 'out', 'x.js'));

it('electron-builder accepts its settings', async () => {
  const yaml = builderRequire('js-yaml') as { load(text: string): unknown };
  const builder = builderRequire('app-builder-lib/out/util/config/config.js') as {
    validateConfiguration(settings: unknown, logger: unknown): Promise<void>;
  };
  const settings = yaml.load(readFileSync(path.join(root, 'electron-builder.yml'), 'utf8'));
  await builder.validateConfiguration(settings, { isEnabled: false, add: () => {} });
});

it('every action of the workflows is pinned by its commit', () => {
  const folder = path.join(root, '.github', 'workflows');
  const used = readdirSync(folder).flatMap((name) =>
    [...readFileSync(path.join(folder, name), 'utf8').matchAll(/uses:\s*(\S+)/g)].map((match) => match[1]),
  );
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/@[0-9a-f]{40}$/);
});

it('the lock names no registry and no machine', () => {
  const lock = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  expect(lock).not.toMatch(/"resolved":|https?:\/\/(localhost|\d)/);
});
