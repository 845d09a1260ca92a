import { shiftText } from '../../../contract/camera.ts';
import type { RunFolderChange } from '../../../contract/export.ts';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { AsJson } from '../command.ts';
import { withOpened } from '../open.ts';
import { printable } from '../paint.ts';
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
  return withOpened(session, async ({ store }) => {
    const unfit = await refusal(store, run, folder);
    if (unfit) return refuse(session, unfit);
    await store.setRunFolder(run, { folder, ...to });
    const stored = (await store.runFolders(run)).find((each) => each.folder === folder);
    if (json) await printJson(session, { run, ...stored });
    else await session.terminal.print(`${run}${folder === '' ? '' : ` ${printable(folder)}`}: ${text}\n`);
    return 0;
  });
}

type Runs = {
  exportRun(run: string): Promise<object | null>;
  hasRunFolder(run: string, folder: string): Promise<boolean>;
};

async function refusal(store: Runs, run: string, folder: string): Promise<Fault | null> {
  if (!(await store.exportRun(run))) return fault('run-not-found', { run });
  return folder === '' || (await store.hasRunFolder(run, folder))
    ? null
    : fault('run-folder-unknown', { run, folder });
}
