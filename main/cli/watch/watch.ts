import { catchInterrupt } from '../interrupt.ts';
import { refuseModel } from '../models.ts';
import { open } from '../open.ts';
import type { Session } from '../session.ts';
import { followWatch } from './follow.ts';
import type { WatchOptions } from './options.ts';

/**
 * `outpost watch`: 0 ended by hand or by another process, 1 nothing could start or the model failed. Files that cannot be
 * answered are told as they come and change nothing of the code: a folder that is watched has no last one.
 */
export async function watch(session: Session, options: WatchOptions, folder: string): Promise<number> {
  const { model, variant, provider, decode } = options;
  const interrupt = catchInterrupt();
  const opened = await open(session);
  try {
    const begun = await opened.engine.runs.watch({
      folder,
      title: options.title ?? '',
      isOnlyNew: options.onlyNew === true,
      isAnew: options.anew === true,
      ...(model !== undefined && { model }),
      ...(variant !== undefined && { variant }),
      ...(provider !== undefined && { provider }),
      ...(decode !== undefined && { decode }),
    });
    if (!begun.ok) return refuseModel(session, opened, begun.fault);
    const following = { session, opened, interrupt, isJson: options.json === true };
    const ended = await followWatch(following, begun.value);
    if (ended.kind !== 'failed') return 0;
    session.terminal.complain(ended.fault);
    return 1;
  } finally {
    await opened.close();
    interrupt.close();
  }
}
