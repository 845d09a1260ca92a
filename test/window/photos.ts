import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { CallOutput } from '../../contract/calls.ts';
import { asked } from './bridge.ts';
import { answerDialog, photo } from './launch.ts';

export const model = 'efficientnet-lite0';
const sources = ['rocket.jpg', 'chelsea.png', 'coffee.png', 'hubble_deep_field.jpg'] as const;

/** A folder of `count` photos that differ in content, since a few bytes behind a picture's end change nothing but its digest. */
export function folderOfPhotos(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < count; at += 1) {
    const source = sources[at % sources.length]!;
    const path = join(folder, `${String(at).padStart(4, '0')}-${source}`);
    copyFileSync(photo(source), path);
    appendFileSync(path, `photo ${at}`);
  }
  return folder;
}

/** Chooses the folder in the dialog and starts a run over it, as the page does. */
export async function startRun(
  { app, page }: { app: ElectronApplication; page: Page },
  folder: string,
): Promise<CallOutput<'runs.start'>> {
  await answerDialog(app, [folder]);
  const selection = await asked(page, 'files.choose', { kind: 'folder' });
  if (!selection) throw new Error('nothing was chosen');
  return asked(page, 'runs.start', { selection: selection.id, model });
}

/** Waits until the run is over and gives its last state. */
export async function endOfRun(page: Page, run: string, withinMs = 60_000): Promise<CallOutput<'runs.get'>> {
  const until = Date.now() + withinMs;
  for (;;) {
    const state = await asked(page, 'runs.get', { run });
    if (state.kind === 'done' || state.kind === 'failed' || state.kind === 'stopped') return state;
    if (Date.now() > until)
      throw new Error(`the run is still ${state.kind}: ${JSON.stringify(state.counts)}`);
    await page.waitForTimeout(100);
  }
}

/** Process numbers of the inference workers. */
export function workerPids(app: ElectronApplication): Promise<readonly number[]> {
  return app.evaluate(({ app: main }) =>
    main
      .getAppMetrics()
      .filter(({ name, serviceName }) => `${name} ${serviceName}`.includes('outpost-worker'))
      .map(({ pid }) => pid),
  );
}
