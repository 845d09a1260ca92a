import { ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Served, ServedVersion } from '../../../contract/serving/serving.ts';
import { messageOf } from '../../lib/error-text.ts';
import { mayAskOf, openMetrics, openProbes, openStatistics } from '../../http/index.ts';
import type { AccessEntry, HttpServer, TokenBook } from '../../http/index.ts';
import type { OpenedServing } from '../../serving/index.ts';
import { performFor } from '../../store/index.ts';
import type { Store } from '../../store/index.ts';
import type { Observation } from '../../engine/index.ts';
import { unpackAccess, unpackServed } from '../columns.ts';
import type { AskArbiter, Changed, Gathered, Statistics, HttpWorkerSetup } from '../messages.ts';
import { createConnections } from './connections.ts';
import { overLoaded } from './loaded.ts';
import { createBalancing } from './balance.ts';
import { createScaling } from './scaling.ts';
import { createTotals } from './totals.ts';
import { createHttpWorkers } from './http-workers.ts';
import type { HttpWorkerProcess } from './http-worker-process.ts';
import type { HttpWorkersParts } from './http-workers.ts';

type ArbiterOptions = Pick<
  HttpWorkersParts,
  | 'entry'
  | 'early'
  | 'setup'
  | 'workers'
  | 'minWorkers'
  | 'totals'
  | 'maxRequests'
  | 'maxRequestsJitter'
  | 'recycleGrowthBytes'
> & {
  /** On the arbiter's own engine, which only provides the catalogue and verifies packs. */
  readonly own: OpenedServing;
  readonly store: Store;
  readonly onServed: (served: Served) => void;
  readonly onObserved: (observation: Observation) => void;
  readonly bind: string;
  readonly grpcBind: string | null;
  readonly tokens: TokenBook | null;
  readonly appVersion: string;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};
export type Arbiter = HttpServer & {
  /** Resolves when the first workers have loaded their models, with the faults of those that failed. */
  readonly warmed: Promise<readonly { readonly model: string; readonly fault: Fault }[]>;
  /** Every version with its state in the workers. */
  catalogue(): readonly ServedVersion[];
  setup(): HttpWorkerSetup;
  /** Replaces all workers by ones with the changed setup; after a fault the previous generation goes on. */
  renew(change: (now: HttpWorkerSetup) => HttpWorkerSetup): Promise<Outcome<void>>;
  /** Every worker reads this file of tokens. */
  readTokens(file: string): Promise<void>;
  /** Loads quarantined models again. */
  tryAgain(): Promise<void>;
  resize(by: 1 | -1): number;
};
/** A worker whose event loop is blocked by a run does not reply; its last counts are used after this time. */
const flushMs = 100;
const usualGraceMs = 5_000;

/** Owns the addresses, the store and the workers. Faults: `address-in-use`, `address-unusable`, `bind-file-taken`, `bind-needs-token`. */
export async function openArbiter(options: ArbiterOptions): Promise<Outcome<Arbiter>> {
  const { own, store, setup, log, tokens } = options;
  const totals = createTotals({ own, workers: () => workers, ...options.totals });
  const metrics = openMetrics({
    serving: totals.serving,
    budget: totals.budget,
    appVersion: options.appVersion,
    mayAsk: mayAskOf(totals.serving),
  });
  const statistics = openStatistics(totals.serving);
  const unloaded = new Set(setup.serving.unloaded);
  let onWarm: (notLoaded: Awaited<Arbiter['warmed']>) => void = () => {};
  const warmed: Arbiter['warmed'] = new Promise((resolve) => (onWarm = resolve));

  const keep = ({ changes, served, access, observed }: Gathered): number => {
    for (const change of changes)
      performFor(store, change).catch((error: unknown) => log('error', messageOf(error)));
    const ended = served ? unpackServed(served) : [];
    for (const one of ended) {
      options.onServed(one);
      totals.served(one);
      scaling.noteWait(one.queueMs);
    }
    if (access) for (const entry of unpackAccess(access)) metrics.countHttp(entry as AccessEntry);
    for (const observation of observed) options.onObserved(observation);
    if (ended.some(({ code }) => code === 'ok')) workers.answered();
    return ended.length;
  };
  /** Asks every worker for its counts; does not wait for those blocked by a run. */
  const flushAll = (): Promise<unknown> =>
    Promise.race([
      Promise.all(workers.staying().map((worker) => worker.ask({ kind: 'flush' }).catch(() => null))),
      new Promise((resolve) => setTimeout(resolve, flushMs)),
    ]);
  const onAll = async (
    ask: { kind: 'load'; ref: string } | { kind: 'unload'; model: string },
  ): Promise<Changed> => {
    const answers = await Promise.all(
      workers.staying().map((worker) => worker.ask(ask).catch(() => ok(undefined)) as Promise<Changed>),
    );
    return answers.find((answer) => !answer.ok) ?? ok(undefined);
  };
  const answer = async (ask: AskArbiter): Promise<unknown> => {
    switch (ask.kind) {
      case 'store':
        return performFor(store, ask.call);
      case 'metrics':
        await flushAll();
        return metrics.text(ask.caller);
      case 'statistics':
        await flushAll();
        return Object.fromEntries(
          totals.serving.catalogue().map((one) => [one.ref, statistics.of(one)]),
        ) satisfies Statistics;
      case 'load':
      case 'unload': {
        const id = ask.kind === 'load' ? ask.ref.split('@', 1)[0]! : ask.model;
        if (ask.kind === 'load') unloaded.delete(id);
        else unloaded.add(id);
        workers.amend((now) => ({ ...now, serving: { ...now.serving, unloaded: [...unloaded] } }));
        if (ask.kind === 'load') workers.forgive(ask.ref);
        return onAll(ask);
      }
    }
  };

  /** The last status sent to each worker, to send only changes. */
  const shared = new WeakMap<HttpWorkerProcess, string>();
  const share = (): void => {
    const status = { ...workers.status(), models: totals.states() };
    const text = JSON.stringify(status);
    for (const worker of workers.staying()) if (shared.get(worker) !== text) worker.status(status);
    for (const worker of workers.staying()) shared.set(worker, text);
  };
  const releaseOver = (): void => {
    const staying = workers.staying();
    const refs = overLoaded(staying, options.totals.maxLoaded);
    if (refs.length > 0) for (const worker of staying) worker.release(refs);
  };
  const workers = createHttpWorkers({
    ...options,
    events: {
      onGathered: (gathered, worker) => {
        worker.line.noteRoom(gathered.room);
        worker.count(keep(gathered));
        workers.recycle(worker, setup.timeoutMs);
      },
      onAsk: answer,
      onLeft: (left) => {
        for (const accepted of left) connections.handOver(accepted);
      },
      onState: () => {
        share();
        releaseOver();
      },
      onEnded: ({ timeout, crash }) => {
        const withoutTimeout = crash ? 'crash' : 'stopped';
        metrics.countEnd({
          ref: timeout ?? crash?.running?.model ?? null,
          reason: timeout === null ? withoutTimeout : 'timeout',
        });
      },
      log,
    },
    onChange: () => {
      connections.retry();
      share();
      const staying = workers.staying();
      if (staying[0] && !workers.isStarting() && staying.every(({ stage }) => stage === 'warm'))
        onWarm(staying[0].notLoaded);
    },
  });
  const scaling = createScaling(workers);
  const balancing = createBalancing(workers);
  const probes = await openProbes({
    ...setup.http,
    tokens,
    serving: totals.serving,
    onAccess: metrics.countHttp,
  });
  const connections = createConnections({
    takers: () => workers.takers().map(({ line }) => line),
    lines: () => workers.all().map(({ line }) => line),
    probes,
    queued: totals.queued,
    limits: options.totals,
    onRefused: (head, why) =>
      metrics.countHttp({
        at: Date.now(),
        method: head.toString('latin1', 0, 16).split(' ', 1)[0] ?? '',
        path: '',
        status: 503,
        ms: 0,
        program: null,
        model: null,
        why,
      }),
  });
  let closing: Promise<void> | null = null;
  const stop = async (graceMs: number): Promise<void> => {
    scaling.close();
    balancing.close();
    connections.passAll();
    await workers.close(graceMs);
    connections.close();
    await probes.close();
    statistics.close();
    metrics.close();
  };
  const http = await connections.accept(options.bind, 'http');
  if (!http.ok) {
    await stop(0);
    return http;
  }
  const grpc = options.grpcBind === null ? null : await connections.accept(options.grpcBind, 'grpc');
  if (grpc && !grpc.ok) {
    await http.value.close();
    await stop(0);
    return grpc;
  }
  const { address } = http.value;
  return ok({
    address: address.startsWith('unix:') ? address : `http://${address}`,
    grpcAddress: grpc?.value.address ?? null,
    warmed,
    catalogue: totals.serving.catalogue,
    setup: workers.setup,
    renew: (change) => workers.renew(change, setup.timeoutMs),
    tryAgain: workers.forgiveAll,
    readTokens: async (file) => {
      workers.amend((now) => ({ ...now, http: { ...now.http, tokenFile: file } }));
      await Promise.race([
        Promise.all(workers.all().map((worker) => worker.ask({ kind: 'tokens', file }).catch(() => null))),
        new Promise((resolve) => setTimeout(resolve, setup.timeoutMs)),
      ]);
    },
    resize: (by) => {
      workers.resize(by);
      return workers.range().workers;
    },
    close: ({ graceMs = usualGraceMs } = {}) =>
      (closing ??= (async () => {
        await http.value.close();
        await grpc?.value.close();
        await stop(graceMs);
      })()),
  });
}
