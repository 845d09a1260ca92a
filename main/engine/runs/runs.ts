import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { failed, fault, faultTable, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { detail, reason } from '../../../contract/reasons.ts';
import type { RunCounts, RunRow, RunState } from '../../../contract/run.ts';
import { messageOf } from '../../lib/error-text.ts';
import type { RunHead, Store, StoredRunRow } from '../../store/index.ts';
import { itemTaskOf } from '../../../contract/tasks/index.ts';
import type { BatchHooks, BatchItem } from './batch.ts';
import type { Engine, RunRequest } from '../types.ts';
import type { Plan } from '../plan.ts';
import { Rate } from './rate.ts';
import { namedPlace, runNames } from './run-names.ts';
import { runPaths } from './run-paths.ts';
import { countFiles } from '../files/index.ts';

export type RunsParts = {
  readonly store: Store;
  readonly plan: (request: RunRequest) => Promise<Outcome<Plan>>;
  readonly items: (request: RunRequest, hooks: BatchHooks) => AsyncGenerator<BatchItem>;
  readonly onChange: (run: string) => void;
};
export type Runs = Engine['runs'] & {
  /** Stops the runs of a model; comes back when the last one has kept what it has. */
  endOf(model: string): Promise<void>;
  close(): Promise<void>;
};

type MutableCounts = { -readonly [K in keyof RunCounts]: RunCounts[K] };

/** Only counts are held here; what was answered is in the store. */
class Run {
  readonly abort = new AbortController();
  readonly #head: RunHead;
  readonly #begun = performance.now();
  readonly #rate = new Rate();
  #ended: number | null = null;
  kind: RunState['kind'] = 'scanning';
  fault: Fault | null = null;
  counts: MutableCounts = {
    found: 0,
    scanned: false,
    answered: 0,
    fromCache: 0,
    faults: 0,
    leftOut: { other: 0, hidden: 0, system: 0 },
  };
  done: Promise<void> = Promise.resolve();

  constructor(head: RunHead) {
    this.#head = head;
    this.#rate.add(0, this.#begun);
  }

  get isOver(): boolean {
    return this.#ended !== null;
  }
  count({ outcome }: BatchItem): void {
    if (!outcome.ok) this.counts.faults += 1;
    else {
      this.counts.answered += 1;
      if (outcome.value.record.cached) this.counts.fromCache += 1;
    }
    this.#rate.add(this.counts.answered + this.counts.faults, performance.now());
  }
  end(kind: 'stopped' | 'done' | 'failed', why: Fault | null): void {
    this.#ended = performance.now();
    this.kind = kind;
    this.fault = why;
  }
  state(): RunState {
    const now = this.#ended ?? performance.now();
    const finished = this.counts.answered + this.counts.faults;
    const elapsedMs = now - this.#begun;
    const rate = this.isOver
      ? elapsedMs > 0
        ? (finished / elapsedMs) * 1000
        : 0
      : this.#rate.perSecond(finished, now);
    const leftMs = this.isOver
      ? 0
      : this.counts.scanned
        ? this.#rate.leftMs(this.counts.found - finished)
        : null;
    const base = { ...this.#head, counts: { ...this.counts }, elapsedMs, rate, leftMs };
    return this.kind === 'failed' && this.fault
      ? { kind: 'failed', ...base, fault: this.fault }
      : { kind: this.kind as 'scanning', ...base };
  }
}

export function createRuns(parts: RunsParts): Runs {
  const { store } = parts;
  const runs = new Map<string, Run>();
  const find = (run: string, call: string): Outcome<Run> => {
    const known = runs.get(run);
    return known ? ok(known) : failed('request-invalid', { call, reason: reason('no-such-run', { run }) });
  };
  const stop = (run: Run): void => {
    if (run.isOver) return;
    run.kind = 'stopping';
    run.abort.abort();
    parts.onChange(run.state().id);
  };

  return {
    start: async (request) => {
      const plan = await parts.plan(request);
      if (!plan.ok) return plan;
      const { id: model, version } = plan.value.pack.manifest;
      const id = `r${Date.now().toString(36)}${BigInt(`0x${randomBytes(5).toString('hex')}`).toString(36)}`;
      const head = { id, title: request.title, model, version, startedAt: new Date().toISOString() };
      const run = new Run(head);
      runs.set(id, run);
      await store.startRun(head);
      run.done = follow(parts, run, { ...request, model: plan.value.pack.ref }).catch((error: unknown) => {
        run.end('failed', fault('internal', { reason: detail(messageOf(error)) }));
        parts.onChange(id);
      });
      return ok(run.state());
    },
    get: (id) => {
      const run = find(id, 'runs.get');
      return run.ok ? ok(run.value.state()) : run;
    },
    page: async (query, refOf) => {
      const { rows, ...rest } = await store.runPage(query);
      return { ...rest, rows: rows.map((row) => shown(row, refOf)) };
    },
    item: async (id, seq, refOf) => {
      const row = await store.runItem(id, seq);
      if (!row)
        return failed('request-invalid', {
          call: 'runs.item',
          reason: reason('no-such-item', { run: id, seq }),
        });
      const answer = row.key === null ? null : await store.answer(row.key);
      return ok({
        row: shown(row, refOf),
        record: answer ? { ...answer, input: row.path, cached: row.cached } : null,
      });
    },
    summary: async (id) => {
      const [top, faultSeqs] = await Promise.all([store.runLabels(id, 8), store.runFaultSeqs(id, 500)]);
      return { top: [...top], faultSeqs: [...faultSeqs] };
    },
    paths: (id) => runPaths(store, id),
    stop: async (id) => {
      const run = find(id, 'runs.stop');
      if (!run.ok) return run;
      stop(run.value);
      return ok(run.value.state());
    },
    endOf: async (model) => {
      const mine = [...runs.values()].filter((run) => run.state().model === model);
      for (const run of mine) stop(run);
      await Promise.all(mine.map(({ done }) => done));
    },
    close: async () => {
      for (const run of runs.values()) if (!run.isOver) run.abort.abort();
      await Promise.all([...runs.values()].map(({ done }) => done));
    },
  };
}

async function follow(parts: RunsParts, run: Run, request: RunRequest): Promise<void> {
  const { id } = run.state();
  const notify = (): void => parts.onChange(id);
  const { counts } = run;
  let found = 0;
  const items = parts.items(request, {
    signal: run.abort.signal,
    onFound: () => {
      found += 1;
      counts.found = Math.max(counts.found, found);
      if (run.kind === 'scanning') run.kind = 'running';
      notify();
    },
    onLeftOut: (reason) => {
      counts.leftOut = { ...counts.leftOut, [reason]: counts.leftOut[reason] + 1 };
    },
    onScanned: () => {
      counts.found = found;
      counts.scanned = true;
      notify();
    },
  });
  if (Array.isArray(request.inputs)) {
    const onCount = (count: number, isAll: boolean): void => {
      counts.found = Math.max(counts.found, count);
      counts.scanned ||= isAll;
      notify();
    };
    // It only looks ahead: what it cannot walk, the run's own walk reports.
    countFiles(request.inputs, onCount, run.abort.signal).catch(() => undefined);
  }
  const nameOf = runNames(Array.isArray(request.inputs) ? (request.inputs as string[]) : []);
  let stopper: Fault | null = null;
  for await (const item of items) {
    // This fault would hit every later item as well: stop, and leave them for another run.
    if (!item.outcome.ok && stopsAll(item.outcome.fault)) {
      stopper = item.outcome.fault;
      run.abort.abort();
      break;
    }
    run.count(item);
    parts.store.addRunItem({ run: id, ...entryOf({ ...item, name: nameOf(item.path) }) });
    notify();
  }
  await parts.store.flush();
  if (stopper) run.end('failed', stopper);
  else run.end(run.abort.signal.aborted ? 'stopped' : 'done', null);
  notify();
}

const stopsAll = ({ code }: Fault): boolean => faultTable[code].exit === 1 && code !== 'internal';

function entryOf({ path, name, outcome }: BatchItem) {
  if (!outcome.ok)
    return {
      path: resolve(path),
      name,
      key: null,
      label: null,
      score: null,
      durationMs: null,
      cached: false,
      fault: outcome.fault,
    };
  const { record, key } = outcome.value;
  const first = itemTaskOf(record.result.task).headline(record.result);
  return {
    path: resolve(path),
    name,
    key,
    label: first?.label ?? null,
    score: first?.score ?? null,
    durationMs: record.durationMs,
    cached: record.cached,
    fault: null,
  };
}

function shown(stored: StoredRunRow, refOf: (path: string) => string): RunRow {
  const { seq, path, label, score, durationMs, cached, fault: why } = stored;
  return { seq, ref: refOf(path), ...namedPlace(stored.name), label, score, durationMs, cached, fault: why };
}
