import { machineNotes } from './machine.ts';
import { count, pour, rowOf } from './cells.ts';
import type { Cells } from './cells.ts';
import type { Meter, MeterPorts } from './types.ts';
import { seriesOf, windowOf } from './points.ts';
import { recentOf } from './recent.ts';
import type { Second } from './recent.ts';

const flushMs = 10_000;
const sampleMs = 2_000;
/** Whole seconds that "right now" looks back. */
const recentSeconds = 5;

/**
 * The meter of one process. A request touches the sums of its second alone; these are poured into its minute when the
 * second is over, and what is new of a minute is added to the store every ten seconds: a kill takes no more than that.
 */
export function createMeter({ store, status, log, now = Date.now }: MeterPorts): Meter {
  const since = new Date(now()).toISOString();
  const machine = machineNotes();
  let second: Second = { at: secondOf(now()), cells: new Map() };
  let recent: Second[] = [];
  let minutes = new Map<number, Cells>();
  let flushedMs = now();
  let isBusy = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | null = null;
  plan(flushMs);

  function plan(ms: number): void {
    if (isClosed) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(tick, ms);
    timer.unref();
  }

  /** Looks at the machine often while there is work, seldom while there is none. */
  function tick(): void {
    const wasBusy = isBusy;
    isBusy = false;
    const found = lookAtMachine(wasBusy);
    if (now() - flushedMs >= flushMs - sampleMs / 2) flush();
    if (found) isBusy ||= found.queued > 0;
    plan(wasBusy || isBusy ? sampleMs : flushMs);
  }

  function lookAtMachine(isAtWork: boolean): ReturnType<MeterPorts['status']> | null {
    try {
      const found = status();
      machine.note(found, { minute: minuteOf(secondOf(now())), isAtWork });
      return found;
    } catch (error) {
      log('warn', `the meter could not ask how the workers do: ${String(error)}`);
      return null;
    }
  }

  function turn(to: number): void {
    if (second.cells.size > 0) {
      const minute = minuteOf(second.at);
      const cells = minutes.get(minute) ?? new Map();
      minutes.set(minute, cells);
      pour(second.cells, cells);
      recent = [...recent, second];
    }
    recent = recent.filter((one) => one.at >= to - recentSeconds && one.at <= to);
    second = { at: to, cells: new Map() };
  }

  function flush(): void {
    turn(secondOf(now()));
    flushedMs = now();
    const rows = [...minutes].flatMap(([at, cells]) => [...cells.values()].map((cell) => rowOf(at, cell)));
    minutes = new Map();
    const machineRows = machine.take();
    if (rows.length > 0 || machineRows.length > 0) store.addSeries({ rows, machine: machineRows }, now());
  }

  return {
    record(served) {
      if (isClosed) return;
      const at = secondOf(now());
      if (at !== second.at) turn(at);
      count(second.cells, served);
      if (isBusy) return;
      isBusy = true;
      plan(sampleMs);
    },
    flush,
    async query(query) {
      const found = lookAtMachine(isBusy);
      if (!isClosed) flush();
      const within = windowOf(query.range, secondOf(now()));
      const { model, client } = query;
      const page = await store.series({
        ...within,
        ...(model !== undefined && { model }),
        ...(client !== undefined && { client }),
      });
      const last = recentOf(recent, { to: second.at, seconds: recentSeconds, model, client });
      const { workers = 0, memoryBytes = 0, queued = 0, oldestWaitMs = 0 } = found ?? {};
      const state = { workers, memoryBytes, queued, oldestWaitMs, restarts: found?.restarts ?? 0, since };
      return seriesOf({ range: query.range, within, page, nowS: now() / 1000, now: { ...last, ...state } });
    },
    close() {
      if (isClosed) return;
      flush();
      isClosed = true;
      if (timer) clearTimeout(timer);
    },
  };
}

const secondOf = (ms: number): number => Math.floor(ms / 1000);
const minuteOf = (second: number): number => second - (second % 60);
