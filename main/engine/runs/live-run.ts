import type { LeftOutReason, RunCounts, RunPhase, RunState, SlowCause } from '../../../contract/runs/run.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import type { Provider } from '../../../contract/ids.ts';
import { AwakeClock } from '../../lib/awake-timer.ts';
import type { RunProgress, StoredRun } from '../../store/index.ts';
import { Rate } from './rate.ts';
import { step } from './step.ts';
import type { RunEvent } from './step.ts';

/** Below this share of progress the time left is shown as a range. */
const earlyShare = 0.02;

/** How often a run's clock is read, so that a short sleep of the computer is told from a long answer. */
const beatMs = 1_000;

type MutableCounts = { -readonly [K in keyof RunCounts]: RunCounts[K] };

/**
 * A run while this process works on it, until it is done or halted; who goes on with it makes a new one of what the store has
 * by then. Only its sums are held here; what was answered is in the store.
 */
export class LiveRun {
  readonly stored: StoredRun;
  readonly counts: MutableCounts;
  /** Ends what is under way. */
  readonly abort = new AbortController();
  /** Resolves when nothing of it is under way, and its state is written. */
  settled: Promise<void> = Promise.resolve();
  #phase: RunPhase;
  #halt: RunEvent | null = null;
  readonly #rate = new Rate();
  readonly #clock = new AwakeClock(performance.now(), beatMs + 2_000);
  readonly #beat = setInterval(() => this.#awakeMs(), beatMs).unref();
  #spentMs: number;
  #endedAt: string | null;
  #provider: Provider | null = null;
  #itemMs = 0;
  #slowedBy: SlowCause | null = null;

  constructor(stored: StoredRun) {
    this.stored = stored;
    this.#phase = stored.phase;
    this.#spentMs = stored.elapsedMs;
    this.#endedAt = stored.endedAt;
    this.counts = countsOf(stored);
    this.#rate.add(this.done, 0);
  }

  get id(): string {
    return this.stored.id;
  }
  get phase(): RunPhase {
    return this.#phase;
  }
  get done(): number {
    return this.counts.answered + this.counts.faults;
  }
  get isUnderWay(): boolean {
    const { kind } = this.#phase;
    return kind === 'scanning' || kind === 'running' || kind === 'stopping';
  }
  /** The event that halts the run once its in-flight items have ended; null while it goes on. */
  get halt(): RunEvent | null {
    return this.#halt;
  }

  /** The state after the event; false where there is no such arrow, and then nothing changes. */
  apply(event: RunEvent): boolean {
    const next = step(this.#phase, event);
    if (!next) return false;
    const was = this.isUnderWay;
    this.#phase = next;
    if (was && !this.isUnderWay) {
      this.#spentMs += this.#awakeMs();
      this.#endedAt = new Date().toISOString();
      clearInterval(this.#beat);
    }
    return true;
  }

  /** Aborts in-flight items and records the halting event: the first one wins, unless a person then stops the run. */
  haltFor(event: RunEvent): void {
    if (this.#halt === null || event.kind === 'settle') this.#halt = event;
    this.abort.abort();
  }

  leaveOut(reason: LeftOutReason): void {
    const { leftOut } = this.counts;
    this.counts.leftOut = { ...leftOut, [reason]: leftOut[reason] + 1 };
  }

  /** Why it works at half its speed; null while it does not. */
  get slowedBy(): SlowCause | null {
    return this.#slowedBy;
  }
  /** Milliseconds that the last item took which was not in the cache. */
  get itemMs(): number {
    return this.#itemMs;
  }
  /** Whether that is another than before. */
  slowDown(cause: SlowCause | null): boolean {
    const isChanged = this.#slowedBy !== cause;
    this.#slowedBy = cause;
    return isChanged;
  }

  /** Notes what computed the last answer, and how long it took. */
  answeredBy({ provider, durationMs, cached }: PredictionRecord): void {
    this.#provider = provider;
    if (!cached) this.#itemMs = durationMs;
  }

  count(isAnswered: boolean, isCached: boolean): void {
    this.counts[isAnswered ? 'answered' : 'faults'] += 1;
    if (isCached) this.counts.fromCache += 1;
    this.#rate.add(this.done, this.#awakeMs(), isCached || !isAnswered);
  }

  /** An item comes after a time in which there were none. */
  beginAgain(): void {
    this.#rate.begin(this.#awakeMs());
  }

  progress(): RunProgress {
    const { found, scanned, leftOut } = this.counts;
    return { found, scanned, leftOut, elapsedMs: this.#elapsedMs() };
  }

  state(): RunState {
    const elapsedMs = this.#elapsedMs();
    const { found, scanned } = this.counts;
    return {
      ...stateOf({ ...this.stored, phase: this.#phase, endedAt: this.#endedAt, elapsedMs }),
      counts: { ...this.counts },
      owner: this.#isOwned() ? 'here' : null,
      provider: this.#provider,
      slowedBy: this.isUnderWay ? this.#slowedBy : null,
      ...(this.isUnderWay && {
        rate: this.#rate.perSecond(this.done, this.#awakeMs()),
        ...this.#left(Math.max(0, found - this.done), scanned),
      }),
    };
  }

  #left(left: number, isCounted: boolean): Pick<RunState, 'leftMs' | 'leftRangeMs'> {
    if (!isCounted) return { leftMs: null, leftRangeMs: null };
    const isEarly = this.done < earlyShare * this.counts.found;
    return {
      leftMs: this.#rate.leftMs(left),
      leftRangeMs: isEarly ? this.#rate.leftRangeMs(left, this.done) : null,
    };
  }

  #isOwned(): boolean {
    return this.isUnderWay || (this.#phase.kind === 'paused' && this.#phase.by !== 'person');
  }

  #awakeMs(): number {
    return this.#clock.at(performance.now());
  }

  #elapsedMs(): number {
    return this.#spentMs + (this.isUnderWay ? this.#awakeMs() : 0);
  }
}

const countsOf = (stored: StoredRun): RunCounts => ({
  found: stored.found,
  scanned: stored.scanned,
  answered: stored.items - stored.faults,
  fromCache: stored.fromCache,
  faults: stored.faults,
  leftOut: stored.leftOut,
});

/** A run as it is in the store; of one that another process works on the rate is the average so far. */
export function stateOf(stored: StoredRun): RunState {
  const { id, title, model, version, startedAt, endedAt, elapsedMs, phase, request } = stored;
  const isUnderWay = phase.kind === 'scanning' || phase.kind === 'running' || phase.kind === 'stopping';
  return {
    // The first item is written before the state is.
    ...(phase.kind === 'scanning' && stored.items > 0 ? { kind: 'running' as const } : phase),
    id,
    title,
    model,
    version,
    counts: countsOf(stored),
    startedAt,
    endedAt: isUnderWay ? null : endedAt,
    elapsedMs,
    rate: averageRate(stored),
    leftMs: isUnderWay ? averageLeftMs(stored) : 0,
    leftRangeMs: null,
    provider: null,
    slowedBy: stored.slowedBy,
    owner: stored.owner,
    startedBy: request?.client ?? null,
    isRepeatable: request !== null,
    isWatching: request?.watch !== undefined,
  };
}

/** Items a second; 0 while failed ones are answered again, which adds none. */
const averageRate = ({ items, elapsedMs, retrySeq }: StoredRun): number =>
  elapsedMs === 0 || retrySeq !== null ? 0 : (items / elapsedMs) * 1000;

function averageLeftMs(stored: StoredRun): number | null {
  const { items, found, scanned } = stored;
  const rate = averageRate(stored);
  return scanned && rate > 0 && items >= earlyShare * found ? ((found - items) / rate) * 1000 : null;
}
