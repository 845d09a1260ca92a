import { resolve } from 'node:path';
import { fault } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';
import type { UpdateSource } from '../../../contract/lifecycle/update.ts';
import { sourceOf } from '../../lifecycle/index.ts';
import type { AsJson, InstallOptions, SourceOptions } from '../command.ts';
import { checkText, timelineText } from './text.ts';
import type { Opened } from '../open.ts';
import { refuse, reportOutcome } from '../report.ts';
import type { Session } from '../session.ts';
import { withInterrupt } from '../interrupt.ts';
import { withOpened } from '../open.ts';
import { splitRef } from '../../../contract/serving/split-ref.ts';

export function timeline(session: Session, options: AsJson, model: string): Promise<number> {
  return withOpened(session, async ({ lifecycle }) =>
    reportTimeline(session, options, await lifecycle.show(model)),
  );
}

/** A channel named on the command line wins over the one in settings. */
const channelOf = ({ channel }: SourceOptions): Partial<Settings> =>
  channel === undefined ? {} : { feedChannel: channel };

export function checkFeed(session: Session, options: SourceOptions): Promise<number> {
  const work = ({ lifecycle }: Opened): Promise<number> =>
    withInterrupt(async (signal) => {
      const source = await feedOf(options.feed);
      const checked = await lifecycle.check(source, {
        signal,
        consentExpired: options.acceptExpired ?? false,
      });
      return reportOutcome(session, checked, { json: options.json, text: checkText });
    });
  return withOpened(session, work, channelOf(options));
}

/** Without a version: the newest of the feed. */
export function get(session: Session, options: SourceOptions, ref: string): Promise<number> {
  const work = async (opened: Opened): Promise<number> =>
    getFrom(session, options, { opened, ref, source: await feedOf(options.feed) });
  return withOpened(session, work, channelOf(options));
}

export function install(session: Session, options: InstallOptions, file: string): Promise<number> {
  const work = async (opened: Opened): Promise<number> => {
    const path = resolve(file);
    const preview = await opened.lifecycle.preview(path, { consentExpired: options.acceptExpired ?? false });
    if (!preview.ok) return refuse(session, preview.fault);
    switch (preview.value.kind) {
      case 'onnx':
        return refuse(session, fault('pack-incomplete', { missing: reason('a-manifest') }));
      case 'pack':
        return withInterrupt(async (signal) =>
          reportTimeline(session, options, await opened.lifecycle.installLocal(path, { signal })),
        );
      case 'feed': {
        session.terminal.raw(checkText(preview.value.report));
        const source = await sourceOf(path);
        let code = preview.value.report.offers.length > 0 ? 0 : 1;
        for (const { model, version } of preview.value.report.offers)
          code = Math.max(
            code,
            await getFrom(session, options, { opened, ref: `${model}@${version}`, source }),
          );
        return code;
      }
    }
  };
  // An override for this command only; the stored settings do not change.
  return withOpened(session, work, options.allowUnsigned === true ? { allowUnsigned: true } : {});
}

type Getting = { readonly opened: Opened; readonly ref: string; readonly source: UpdateSource | undefined };

async function getFrom(
  session: Session,
  options: SourceOptions,
  { opened, ref, source }: Getting,
): Promise<number> {
  const { lifecycle } = opened;
  return withInterrupt(async (signal) => {
    const { id: model, version: wanted } = splitRef(ref);
    const consentExpired = options.acceptExpired ?? false;
    let version = wanted;
    if (version === undefined) {
      const checked = await lifecycle.check(source, { signal, consentExpired });
      if (!checked.ok) return refuse(session, checked.fault);
      version = checked.value.offers.find((offer) => offer.model === model)?.version;
      const why = checked.value.withheld.find((each) => each.model === model)?.fault;
      if (version === undefined && why) return refuse(session, why);
      // The feed has nothing newer than what is here, which is no fault.
      if (version === undefined) return reportTimeline(session, options, await lifecycle.show(model));
    }
    const request = { model, version, consentExpired, byHand: true, ...(source && { source }) };
    return reportTimeline(session, options, await lifecycle.get(request, { signal }));
  });
}

export const reportTimeline = (
  session: Session,
  { json }: AsJson,
  outcome: Outcome<Timeline>,
): Promise<number> => reportOutcome(session, outcome, { json, text: timelineText });

/** Undefined means the feed of the settings. */
export async function feedOf(text: string | undefined): Promise<UpdateSource | undefined> {
  if (text === undefined) return undefined;
  return sourceOf(/^https?:\/\//iu.test(text) ? text : resolve(text));
}
