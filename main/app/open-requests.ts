import { app } from 'electron';
import { PackId } from '../../contract/ids.ts';
import { linkedModel, type AppArguments } from './arguments.ts';
import type { Files } from './files.ts';
import type { FirstResult } from './first-result.ts';
import type { Shell } from './shell.ts';
import type { ShownWindow } from './shown-window.ts';

/** Files to open and a model to show, as words behind the program's name or a link ask for them. */
export type OpenRequest = Pick<AppArguments, 'files' | 'model'>;
type OpenRequestParts = {
  readonly files: Files;
  readonly shell: () => Shell;
  readonly firstResult: FirstResult;
  readonly shown: ShownWindow;
};

/** Shows in the page what is to be opened. */
export function createOpener({ files, shell, firstResult, shown }: OpenRequestParts) {
  return async ({ files: paths, model }: OpenRequest): Promise<void> => {
    // May come from another process: validate again.
    const linked = PackId.safeParse(model);
    if (linked.success) shown.sendEvent({ kind: 'model-opened', model: linked.data });
    if (paths.length === 0) return;
    const selection = await files.select(paths.map((path) => ({ path })));
    if (selection.many) firstResult.finish();
    shell().opened(paths);
    shown.sendEvent({ kind: 'files-opened', selection });
  };
}

/** Single-instance handover: files of a second start, and links on macOS. */
export function listenForOpenRequests(
  shown: ShownWindow,
  open: (request: OpenRequest) => Promise<void>,
): void {
  app.on('second-instance', (...given) => {
    shown.bringForward();
    void open(given[3] as OpenRequest);
  });
  app.on('open-url', (event, link) => {
    event.preventDefault();
    shown.bringForward();
    void open({ files: [], model: linkedModel(link) });
  });
}
