import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { detail, reason } from '../../contract/faults/reasons.ts';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import type { CheckReport, Offer, UpdateSource } from '../../contract/lifecycle/update.ts';
import type { Lifecycle, Stop, VersionName } from './types.ts';
import { changing } from './change.ts';
import {
  getMissingParts,
  getVersion,
  machineFactsOf,
  installLocal,
  previewFile,
  sourceOf,
} from './install/index.ts';
import type { GetHooks } from './install/index.ts';
import { exportVersion, keepCurrent, removeVersion, repairVersion, setPolicy, sweepOld } from './maintain.ts';
import type { LifecycleParts } from './parts.ts';
import { removeModel } from './remove-model.ts';
import { proveActive, tidy, watchPackStore } from './resume.ts';
import { rollBack, switchTo } from './swap.ts';
import { timelineOf } from './timeline.ts';
import type { LiveState } from './timeline.ts';
import { tryVersion } from './trial.ts';
import { createWork } from './work.ts';
import { createItemConfirmations } from './confirm-items.ts';

const dayMs = 86_400_000;

/** Creates the lifecycle of the models on this computer, and the function that ends its background work. */
export function createLifecycle(
  parts: LifecycleParts,
  live: Pick<LiveState, 'canary'>,
): Lifecycle & { close(): void } {
  const { registry, store } = parts;
  const work = createWork(parts.onChange);
  const closed = new AbortController();
  const closers: (() => void)[] = [() => closed.abort(), work.close];
  let offers: readonly Offer[] = [];

  const liveState = (): LiveState => ({ offers, progress: work.progress, ...live });
  const show = async (model: string): Promise<Outcome<Timeline>> => {
    const timeline = await timelineOf(parts, liveState(), model);
    return timeline ? ok(timeline) : failed('model-not-found', { model });
  };
  const shown = async (model: string, done: Promise<Outcome<unknown>>): Promise<Outcome<Timeline>> => {
    const outcome = await done;
    return outcome.ok ? show(model) : outcome;
  };
  const hooksFor = (signal: AbortSignal): GetHooks => ({
    signal,
    onProgress: work.onProgress,
    onFetch: work.onFetch,
  });
  const source = async (given: UpdateSource | undefined): Promise<Outcome<UpdateSource>> => {
    const { feed } = await parts.settings();
    const chosen = given ?? (feed === null ? null : await sourceOf(feed));
    return chosen ? ok(chosen) : failed('feed-none');
  };
  /** Runs an action on a version, or refuses while another one is running on it. */
  const alone = <T>(
    name: VersionName,
    stop: Stop,
    task: (hooks: GetHooks) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> =>
    work.isRunning(name)
      ? Promise.resolve(
          failed('lifecycle-step', {
            model: `${name.model}@${name.version}`,
            state: reason('state-under-way'),
          }),
        )
      : work.run(name, stop, (signal) =>
          registry.working(name.model, name.version, () => task(hooksFor(signal))),
        );

  const check: Lifecycle['check'] = async (given, options = {}) => {
    const from = await source(given);
    if (!from.ok) return from;
    if (!parts.fetcher) return failed('feed-none');
    const { consentExpired = false, signal = closed.signal } = options;
    const request = { source: from.value, here: await machineFactsOf(parts), consentExpired };
    const report = await parts.fetcher.check(request, { signal });
    if (!report.ok) return report;
    if (given === undefined) offers = report.value.offers;
    await denyRevoked(parts, report.value);
    parts.onChange();
    return report;
  };
  const get: Lifecycle['get'] = async (request, stop = {}) => {
    const from = await source(request.source);
    if (!from.ok) return from;
    const name = { model: request.model, version: request.version };
    const done = alone(name, stop, (hooks) => getVersion(parts, { ...request, source: from.value }, hooks));
    const outcome = await shown(request.model, done);
    if (outcome.ok) await sweepOld(parts, request.model);
    return outcome;
  };

  return {
    list: async () => {
      const models = new Set([
        ...registry.all().map(({ model }) => model),
        ...offers.map(({ model }) => model),
      ]);
      const timelines = await Promise.all(
        [...models].sort().map((model) => timelineOf(parts, liveState(), model)),
      );
      return timelines.filter((timeline) => timeline !== null);
    },
    show,
    check,
    get,
    getParts: async (name, stop = {}) => {
      const from = await source(undefined);
      if (!from.ok) return from;
      const pack = parts.library.find(`${name.model}@${name.version}`);
      if (!pack.ok) return pack;
      const wanting = { manifest: pack.value.manifest, source: from.value };
      return shown(
        name.model,
        alone(name, stop, (hooks) => getMissingParts(parts, wanting, hooks)),
      );
    },
    cancel: async (name) => {
      work.cancel(name);
      return show(name.model);
    },
    preview: (path, { consentExpired = false } = {}) =>
      previewFile(parts, path, { consentExpired, signal: closed.signal }),
    installLocal: async (path, { signal, own } = {}) => {
      const stop = signal ? AbortSignal.any([signal, closed.signal]) : closed.signal;
      const done = await installLocal(parts, path, { ...hooksFor(stop), own, closed: closed.signal });
      if (!done.ok) return done;
      await sweepOld(parts, done.value.model);
      return show(done.value.model);
    },
    try: (name, stop = {}) =>
      shown(
        name.model,
        alone(name, stop, (hooks) => tryVersion(parts, name, hooks)),
      ),
    switchTo: (name) =>
      shown(
        name.model,
        alone(name, {}, () => switchTo(parts, name)),
      ),
    keep: (name) => shown(name.model, keepCurrent(parts, name)),
    rollBack: (model) => shown(model, rollBack(parts, { model }, null)),
    setPolicy: (model, policy) => shown(model, setPolicy(parts, model, policy)),
    remove: (name) => shown(name.model, removeVersion(parts, name)),
    removeModel: (model) => shown(model, removeModel(parts, model, work.endOf)),
    repair: async (name, given) => {
      const from = await source(given);
      if (!from.ok) return from;
      const request = { name, source: from.value };
      return shown(
        name.model,
        alone(name, {}, (hooks) => repairVersion(parts, request, hooks)),
      );
    },
    exportTo: (name, file) => exportVersion(parts, name, file),
    compare: (request, { signal = closed.signal } = {}) =>
      parts.engine.compare(request, { signal, onProgress: work.onProgress }),
    trialItems: (query) => store.trialItems(query),
    confirm: (confirmation) => store.confirm(confirmation),
    unconfirm: (digest, model) => store.unconfirm(digest, model),
    ...createItemConfirmations(store),
    confirmed: (digest, model) => store.confirmation(digest, model),
    resume: async () => {
      await tidy(parts);
      if (closed.signal.aborted) return;
      closers.push(
        await watchPackStore(parts, (text) => parts.log('warn', `the packs are not watched: ${text}`)),
      );
      await proveActive(parts, closed.signal);
      if (closed.signal.aborted) return;
      const look = (): void => void lookForUpdates(parts, { check, get }, closed.signal);
      look();
      const timer = setInterval(look, dayMs).unref();
      closers.push(() => clearInterval(timer));
    },
    close: () => {
      for (const close of closers.splice(0).reverse()) close();
    },
  };
}

/** Rolls back a version that its publisher revoked, if there is another one to answer. */
async function denyRevoked(parts: LifecycleParts, { revoked }: CheckReport): Promise<void> {
  for (const { model, version, reason: text } of revoked) {
    const why = fault('version-revoked', {
      model: `${model}@${version}`,
      reason: detail(text.replace(/\.$/u, '')),
    });
    const at = new Date().toISOString();
    if (parts.registry.denied(model, version)?.fault.code !== why.code) {
      const denied = await changing(parts, () =>
        parts.registry.commit([{ kind: 'deny', denied: { model, version, fault: why, at } }]),
      );
      if (!denied.ok) parts.log('warn', `${model}@${version} was not marked: ${denied.fault.message}`);
    }
    const pointer = parts.registry.pointer(model);
    if (pointer?.active !== version && pointer?.canary !== version) continue;
    const back = await rollBack(parts, { model, version }, why);
    // The next check tries again.
    if (!back.ok) parts.log('error', `${model}@${version} still answers: ${back.fault.message}`);
  }
}

/**
 * What the settings allow without a person: to check, and with `automatic` also to download and try. Switching is up to
 * a person.
 */
async function lookForUpdates(
  parts: LifecycleParts,
  { check, get }: Pick<Lifecycle, 'check' | 'get'>,
  signal: AbortSignal,
): Promise<void> {
  const { updateMode, feed } = await parts.settings();
  if (updateMode === 'never' || feed === null || signal.aborted) return;
  const report = await check(undefined, { signal });
  if (!report.ok || updateMode !== 'automatic') return;
  for (const { model, version } of report.value.offers) {
    if (parts.registry.policy(model).kind === 'specific') continue;
    const got = await get({ model, version, byHand: false }, { signal });
    if (!got.ok) parts.log('warn', `${model}@${version} was not installed: ${got.fault.message}`);
  }
}
