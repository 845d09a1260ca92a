import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { draftOf, openOutput, writeOutput } from '../../main/lib/output-file.ts';
import { nextPartial } from '../../main/lib/partials.ts';
import { ownMark } from '../../main/lib/process-mark.ts';
import { fileForOthers, somebodyElse } from '../fixtures/others-file.ts';
import { newFolder } from '../temp/folder.ts';

afterEach(() => void vi.useRealTimers());

it('what may still be written elsewhere goes when nothing changed for a day; what is written here never', async () => {
  const folder = newFolder();
  const own = path.basename(await nextPartial(path.join(folder, 'out')));
  const unseen = ['', '.1', '.99999999.1.1.ffffffff', '.99999999.0.0.0'].map(
    (mark) => `.out.0123abcd${mark}.partial`,
  );
  for (const name of [own, ...unseen]) writeFileSync(path.join(folder, name), 'half');
  await writeOutput(path.join(folder, 'out'), 'new');
  expect(readdirSync(folder).sort()).toEqual([own, 'out', ...unseen].sort());
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
  await writeOutput(path.join(folder, 'out'), 'new');
  expect(readdirSync(folder).sort()).toEqual([own, 'out']);
});

it('what a process of this computer left goes at once', async () => {
  const folder = newFolder();
  const [, ...rest] = ownMark().split('.');
  writeFileSync(path.join(folder, `.out.0123abcd.${[99_999_999, ...rest].join('.')}.partial`), 'half');
  await writeOutput(path.join(folder, 'out'), 'new');
  expect(readdirSync(folder).length).toBe(process.platform === 'linux' ? 1 : 2);
});

/** As somebody who may not give a file the owner of the one that it replaces. */
it.runIf(process.getuid?.() === 0 && process.platform === 'linux')(
  'the only complete copy, kept when copying failed, is not taken for a partial',
  async () => {
    const { folder, file } = fileForOthers();
    process.seteuid!(somebodyElse);
    const output = await openOutput(file).finally(() => process.seteuid!(0));
    await output.write('complete');
    rmSync(file);
    mkdirSync(file);
    const draft = draftOf(await output.keep().catch((reason: unknown) => reason));
    await output.discard();
    rmSync(file, { recursive: true });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 86_400_000 });
    await writeOutput(file, 'next');
    expect(readdirSync(folder).sort()).toEqual([path.basename(draft!), 'out']);
    expect(readFileSync(draft!, 'utf8')).toBe('complete');
  },
);
