import { shiftText } from '../../../contract/pictures/camera.ts';
import type { RunFolderChange } from '../../../contract/runs/run-folders.ts';
import type { AsJson } from '../command.ts';
import { withOpened } from '../open.ts';
import { columns, printable } from '../paint.ts';
import { printJson, refuse } from '../report.ts';
import type { Session } from '../session.ts';

type InFolder = AsJson & { readonly folder?: string };
export type ShiftOptions = InFolder & { readonly by: number };
export type SiteOptions = InFolder & { readonly at?: Place };
type Place = { readonly latitude: number; readonly longitude: number };

/** `outpost run shift`: the times of a run, or of a folder of it, are moved from the clock's; what the clock said is kept. */
export const shiftRun = (session: Session, options: ShiftOptions, run: string): Promise<number> =>
  changeFolder(session, options, {
    run,
    to: { shiftS: options.by },
    text: `clocks moved by ${shiftText(options.by)}`,
  });

/** `outpost run site`: which site the photos of a run, or of a folder of it, are of, and where that is. */
export const nameSite = (
  session: Session,
  options: SiteOptions,
  [run = '', site = '']: readonly string[],
): Promise<number> =>
  changeFolder(session, options, {
    run,
    to: { site, ...options.at },
    text: `site ${printable(site)}${options.at ? ` at ${options.at.latitude}, ${options.at.longitude}` : ''}`,
  });

type Change = { readonly run: string; readonly to: Omit<RunFolderChange, 'folder'>; readonly text: string };

function changeFolder(
  session: Session,
  { folder: written = '', json }: InFolder,
  { run, to, text }: Change,
): Promise<number> {
  const folder = written.replaceAll('\\', '/').replaceAll(/^\/+|\/+$/gu, '');
  return withOpened(session, async ({ engine, store }) => {
    const changed = await engine.runs.setFolder(run, { folder, ...to });
    if (!changed.ok) return refuse(session, changed.fault);
    const stored = (await store.runFolders(run)).find((each) => each.folder === folder);
    if (json) await printJson(session, { run, ...stored });
    else await session.terminal.print(`${run}${folder === '' ? '' : ` ${printable(folder)}`}: ${text}\n`);
    return 0;
  });
}

/** `outpost run cameras`: what an export of a run can be filtered by, and what holds for its folders. */
export function showCameras(session: Session, { json }: AsJson, run: string): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const facets = await engine.runs.facets(run);
    if (!facets.ok) return refuse(session, facets.fault);
    const folders = await engine.runs.folders(run);
    if (!folders.ok) return refuse(session, folders.fault);
    if (json) {
      await printJson(session, { run, ...facets.value, folders: folders.value });
      return 0;
    }
    const { cameras, sites, firstTaken, lastTaken } = facets.value;
    const lines = [
      ...sites.map(({ site, count }) => ['site', site, '', String(count)]),
      ...cameras.map(({ camera, make, model, count }) => [
        'camera',
        camera,
        [make, model].filter((part) => part !== null).join(' '),
        String(count),
      ]),
      ...(firstTaken === null || lastTaken === null ? [] : [['taken', firstTaken, lastTaken, '']]),
      ...folders.value
        .filter(({ stated }) => stated.shiftS !== null)
        .map(({ folder, shiftS }) => [
          'clock',
          folder === '' ? 'all folders' : folder,
          shiftText(shiftS),
          '',
        ]),
    ];
    await session.terminal.print(`${columns(lines.map((line) => line.map(printable)))}\n`);
    return 0;
  });
}
