import type { Timeline, TimelineEntry } from '../../contract/lifecycle/timeline.ts';
import type { TrialProgress } from '../../contract/lifecycle/trial.ts';
import type { Offer } from '../../contract/lifecycle/update.ts';
import type { CanaryReport, VersionRecord } from '../../contract/lifecycle/lifecycle.ts';
import { compareVersions } from '../packs/index.ts';
import type { LifecycleParts } from './parts.ts';

/** State of this process that is not in the store: work in progress and the offers of the last check. */
export type LiveState = {
  readonly offers: readonly Offer[];
  readonly progress: (model: string) => TrialProgress | null;
  /** The canary report of this process, newer than the stored one. */
  readonly canary: (model: string) => CanaryReport | null;
};
const shownEvents = 200;

/** Everything known about one model's versions; null for an unknown model. */
export async function timelineOf(
  parts: LifecycleParts,
  live: LiveState,
  model: string,
): Promise<Timeline | null> {
  const { registry, library, store } = parts;
  const pointer = registry.pointer(model);
  const records = registry.of(model);
  const offers = live.offers.filter((offer) => offer.model === model);
  if (records.length === 0 && offers.length === 0) return null;
  const [answers, confirmed, events] = await Promise.all([
    store.resultsByVersion(model),
    store.confirmedByVersion(model),
    store.lifecycleEvents(model, shownEvents),
  ]);
  const known = new Set(records.map(({ version }) => version));
  const unseen = offers.filter(({ version }) => !known.has(version)).map(offeredRecord);
  const versions = await Promise.all(
    [...records, ...unseen]
      .sort((one, other) => compareVersions(other.version, one.version))
      .map(async (record): Promise<TimelineEntry> => {
        const { version } = record;
        const pack = library.list().find(({ ref }) => ref === `${model}@${version}`);
        const golden = pack ? await parts.engine.storedGolden(pack.ref) : null;
        const denied = registry.denied(model, version);
        const mine = confirmed.find((row) => row.version === version);
        return {
          ...record,
          size: pack?.sizeBytes ?? null,
          golden: golden && { passed: golden.passed, total: golden.total, at: golden.at },
          answers: answers.find((row) => row.version === version)?.answers ?? 0,
          confirmed: mine ? { right: mine.right, of: mine.of } : null,
          offer: pack ? null : (offers.find((offer) => offer.version === version) ?? null),
          denied,
          revoked:
            denied?.fault.code === 'version-revoked' ? String(denied.fault.params['reason'] ?? '') : null,
        };
      }),
  );
  const candidate = records.find(({ state }) => state.kind === 'on-trial')?.version ?? pointer?.active;
  const newest = library.find(model);
  const shown = pointer ?? { seq: 0, active: versions[0]!.version, previous: null, canary: null };
  return {
    model,
    title: newest.ok ? newest.value.manifest.title : (offers[0]?.title ?? model),
    policy: registry.policy(model),
    pointer: shown,
    versions,
    events: [...events],
    trial: candidate === undefined ? null : await store.trial(model, candidate),
    progress: live.progress(model),
    canary: live.canary(model) ?? registry.canary(model),
  };
}

/** The record of an offer of the last check that is not installed. */
function offeredRecord({ model, version, digest, note, signer, publishedAt }: Offer): VersionRecord {
  return {
    model,
    version,
    digest,
    state: { kind: 'offered' },
    origin: { kind: 'feed', name: signer.name },
    signer,
    note,
    addedAt: publishedAt,
    changedAt: publishedAt,
  };
}
