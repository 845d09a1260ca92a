import { copyFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppTarget, targetName } from '../../contract/lifecycle/feed.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { placeTarget } from './add.ts';
import { signingOf } from './change.ts';
import { stamp } from './dates.ts';
import { diskFault } from './disk-fault.ts';
import { measure } from './measure.ts';
import { publish } from './publish.ts';
import { changing } from './session.ts';
import type { FeedChange } from './session.ts';
import { targetFiles } from './targets.ts';

type AddAppOptions = FeedChange & {
  /** An installer of Outpost; its name is kept. */
  readonly file: string;
  readonly version: string;
  /** `linux-x64` and the like. */
  readonly platform: string;
  readonly note?: string;
};

/** Puts an installer of Outpost itself into the feed, for devices that update from nowhere else. */
export function addApp(options: AddAppOptions): Promise<Outcome<AppTarget>> {
  const { feed, file, now = new Date() } = options;
  return changing(feed, async ({ state, work }) => {
    const parsed = AppTarget.safeParse({
      kind: 'app',
      version: options.version,
      platform: options.platform,
      file: basename(file),
      note: options.note ?? '',
      publishedAt: stamp(now),
    });
    if (!parsed.success) return refuse(parsed.error.issues[0]?.path.join('.') ?? 'something');
    const custom = parsed.data;
    const path = targetName(custom);
    const draft = await work.stagingFile(custom.file);
    try {
      // The copy is what is measured: the file may change meanwhile.
      await copyFile(file, draft);
    } catch (error) {
      return diskFault(error, file);
    }
    const measured = await measure(draft);
    if (!measured) return failed('file-not-found', { file });
    const known = state.files.get(path);
    if (known && known.sha256 !== measured.sha256)
      return failed('feed-version-exists', { model: custom.file });
    if (known?.custom.kind === 'app') return ok(known.custom);
    const target = { path, length: measured.size, sha256: measured.sha256, sha512: measured.sha512, custom };
    const placed = await placeTarget(feed, draft, target);
    if (!placed.ok) return placed;
    const files = new Map(state.files).set(path, target);
    const next = { targets: { files: targetFiles(files.values()), notes: state.notes } };
    const published = await publish(state, next, signingOf(options));
    return published.ok ? ok(custom) : published;
  });
}

const refuse = (field: string): Outcome<never> => ({
  ok: false,
  fault: fault('usage', {
    reason: `The installer's ${field} does not fit: a version as in 1.2.0, a platform as in linux-x64, a plain file name.`,
    command: 'feed add-app',
  }),
});
