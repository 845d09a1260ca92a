import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { namedRun } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import type { ClientName } from '../../../contract/serving/serving.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { Heat } from '../../lib/heat.ts';
import type { Power } from '../../lib/power.ts';
import type { StoredRun } from '../../store/index.ts';
import type { Plan, PlanRequest } from '../plan.ts';
import type { Engine, RunRequest } from '../types.ts';
import { createCheck } from './check/index.ts';
import { noteRun, storedInputs, writePhase } from './journal.ts';
import { LiveRun, stateOf } from './live-run.ts';
import { headOf, newRun } from './new-run.ts';
import { optionsOf } from './run-options.ts';
import { createRunReads } from './run-reads.ts';
import { step } from './step.ts';
import type { RunEvent } from './step.ts';
import { createCommands } from './commands.ts';
import { createThrottle } from './throttle.ts';
import { watchFolder } from './begin-watch.ts';
import { createWaiting } from './waiting.ts';
import { presentInputs } from './present-inputs.ts';
import { processItems } from './process-items.ts';
import type { WorkParts } from './work-parts.ts';

type RunsParts = WorkParts & {
  readonly plan: (request: PlanRequest) => Promise<Outcome<Plan>>;
  readonly power: () => Promise<Power>;
  readonly heat: () => Promise<Heat>;
  readonly settings: () => Pick<Settings, 'slowBelowPercent' | 'pauseBelowPercent' | 'slowWhenHot'>;
  /** Who starts runs in this process. */
  readonly client: ClientName;
};
export type Runs = Engine['runs'] & {
  /** Stops the runs of a model; comes back when the last one has kept what it has. */
  endOf(model: string): Promise<void>;
  close(): Promise<void>;
};

const settledPollMs = 200;
/** Most runs that a list shows. */
const listed = 500;
/** Longest time that another process may take to carry out a command for its run. */
const commandTimeoutMs = 15_000;

/** Runs as they are in the store, and those that this process works on. */
export function createRuns(parts: RunsParts): Runs {
  const { store, onChange } = parts;
  const live = new Map<string, LiveRun>();
  const underWay = (): LiveRun[] => [...live.values()].filter((run) => run.isUnderWay);
  const throttle = createThrottle({
    ...parts,
    live: underWay,
    onPace: ({ id, slowedBy }) => {
      store.setRunSlowed(id, slowedBy);
      onChange(id);
    },
  });
  const waiting = createWaiting(store, {
    resume: (run) => goOn(run, 'resume'),
    hasPower: throttle.hasPower,
  });
  const commands = createCommands(store, {
    mine: () => [...underWay().map(({ id }) => id), ...waiting.ids()],
    meet: (run, command) => {
      const mine = live.get(run);
      if (mine && command !== 'resume') halt(mine, command);
      else if (waiting.has(run) && command === 'stop') void stopWaiting(run);
    },
  });

  /** The live one's state is ahead of the stored one's. */
  const shown = (stored: StoredRun): RunState => {
    const mine = live.get(stored.id);
    return (mine?.isUnderWay ? mine.state() : waiting.state(stored.id)) ?? stateOf(stored);
  };
  const find = async (run: string): Promise<Outcome<StoredRun>> => {
    await store.settleRuns();
    const stored = await store.storedRun(run);
    return stored ? ok(stored) : failed('run-not-found', { run });
  };
  const stateNow = async (run: string): Promise<Outcome<RunState>> => {
    const mine = live.get(run);
    const waits = waiting.state(run);
    if (mine?.isUnderWay || waits) return ok(waits ?? mine!.state());
    const found = await find(run);
    return found.ok ? ok(shown(found.value)) : found;
  };

  const work = (stored: StoredRun): RunState => {
    const run = new LiveRun(stored);
    live.set(run.id, run);
    commands.watch();
    throttle.watch();
    run.settled = processItems(parts, run).finally(() => {
      live.delete(run.id);
      if (run.phase.kind === 'paused' && run.phase.by !== 'person') waiting.add(run);
      onChange(run.id);
    });
    return run.state();
  };
  const halt = (run: LiveRun, command: 'pause' | 'stop'): void => {
    if (command === 'pause') run.haltFor({ kind: 'pause', by: 'person', fault: null });
    else {
      run.haltFor({ kind: 'settle' });
      run.apply({ kind: 'stop' });
    }
    onChange(run.id);
  };
  /** Of a run that another process works on: leaves it the command, and waits until it is met. */
  const commandElsewhere = async (
    stored: StoredRun,
    wanted: 'pause' | 'stop',
  ): Promise<Outcome<RunState>> => {
    await store.commandRun(stored.id, wanted);
    for (const begun = Date.now(); Date.now() - begun < commandTimeoutMs;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const found = await find(stored.id);
      if (!found.ok || found.value.owner !== 'elsewhere') return found.ok ? ok(shown(found.value)) : found;
    }
    return failed('run-unanswered', { ...namedRun(stored), seconds: commandTimeoutMs / 1000 });
  };

  const goOn = async (id: string, event: 'resume' | 'retry'): Promise<Outcome<RunState>> => {
    const found = await find(id);
    if (!found.ok) return found;
    const { phase, request, owner } = found.value;
    if (owner !== null && !waiting.has(id)) return failed('run-under-way', namedRun(found.value));
    if (!step(phase, { kind: event })) return failed('run-finished');
    if (!request) return failed('run-not-repeatable', namedRun(found.value));
    const plan = await parts.plan({ model: request.model, ...optionsOf(request) });
    if (!plan.ok) return plan;
    if (plan.value.pack.digest !== request.digest)
      return failed('run-model-changed', { ...namedRun(found.value), model: request.model });
    const isMine = await store.claimRun(id, { kind: phase.kind, again: event === 'retry' });
    const stored = isMine ? await store.storedRun(id) : null;
    // In one turn with `work`: in between the run would be neither waiting nor live, and `settled` would take it for over.
    if (isMine) waiting.take(id);
    return stored ? ok(work(stored)) : failed('run-under-way', namedRun(found.value));
  };

  /** A person who goes on with what waits for power has decided about the battery. */
  const goOnByHand: typeof goOn = (id, event) => {
    throttle.allow(id);
    return goOn(id, event);
  };

  /** A run that waits for its drive or for room, and is not to be gone on with. */
  const stopWaiting = async (run: string): Promise<void> => {
    const mine = waiting.take(run);
    if (!mine?.apply({ kind: 'stop' })) return;
    await writePhase(store, mine);
    onChange(run);
  };
  const start = async (request: RunRequest): Promise<Outcome<RunState>> => {
    const plan = await parts.plan(request);
    if (!plan.ok) return plan;
    const inputs = await presentInputs(request.inputs);
    if (!inputs.ok) return inputs;
    const head = headOf(request, plan.value, parts.client);
    await noteRun(store, head, inputs.value);
    return ok(work((await store.storedRun(head.id)) ?? newRun(head)));
  };

  // Nothing is answered that could not be kept: the run waits for room.
  const stopListening = store.onState((state) => {
    if (state.kind !== 'disk-full') return;
    const why = fault('disk-full', { file: state.file });
    for (const run of live.values()) run.haltFor({ kind: 'pause', by: 'disk-full', fault: why });
  });

  return {
    start,
    watch: watchFolder(parts, { start, resume: (id) => goOn(id, 'resume') }),
    get: stateNow,
    list: async () => {
      await store.settleRuns();
      return (await store.listRuns(listed)).map(shown);
    },
    live: async () => {
      await store.settleRuns();
      return (await store.liveRuns()).map(shown);
    },
    ended: async (query) => {
      const { runs, total } = await store.endedRuns(query);
      return { runs: runs.map(shown), total };
    },
    ...createRunReads(store, onChange),
    check: createCheck(parts),
    powerChanged: throttle.lookAgain,
    stop: async (id) => {
      const mine = live.get(id);
      if (mine?.isUnderWay) {
        halt(mine, 'stop');
        return ok(mine.state());
      }
      if (waiting.has(id)) {
        await stopWaiting(id);
        return stateNow(id);
      }
      const found = await find(id);
      if (!found.ok) return found;
      const { phase, owner } = found.value;
      if (owner === 'elsewhere') return commandElsewhere(found.value, 'stop');
      const to = step(phase, { kind: 'stop' });
      if (!to) return notUnderWay(phase);
      await store.setIdleRunPhase(id, { from: phase.kind, to: to.kind });
      onChange(id);
      return stateNow(id);
    },
    pause: async (id) => {
      const mine = live.get(id);
      if (mine?.isUnderWay) {
        halt(mine, 'pause');
        await mine.settled;
        return stateNow(id);
      }
      const found = await find(id);
      if (!found.ok) return found;
      return found.value.owner === 'elsewhere'
        ? commandElsewhere(found.value, 'pause')
        : notUnderWay(found.value.phase);
    },
    resume: (id) => goOnByHand(id, 'resume'),
    retry: (id) => goOnByHand(id, 'retry'),
    again: async (id, model) => {
      const found = await find(id);
      if (!found.ok) return found;
      const { request, title } = found.value;
      if (!request) return failed('run-not-repeatable', namedRun(found.value));
      const { digest: _, ...asked } = request;
      return start({
        ...asked,
        ...(model !== undefined && { model }),
        title,
        inputs: storedInputs(store, id),
      });
    },
    remove: async (id) => {
      const found = await find(id);
      if (!found.ok) return found;
      if (!(await store.removeRun(id))) return failed('run-under-way', namedRun(found.value));
      onChange(id);
      return ok(undefined);
    },
    restore: async (id) => {
      if (!(await store.restoreRun(id))) return failed('run-not-found', { run: id });
      onChange(id);
      return stateNow(id);
    },
    settled: async (id) => {
      while (live.has(id) || waiting.has(id)) {
        await live.get(id)?.settled;
        if (waiting.has(id)) await new Promise((resolve) => setTimeout(resolve, settledPollMs));
      }
    },
    endOf: async (model) => {
      const mine = [...live.values()].filter(({ stored }) => stored.model === model);
      for (const run of mine) halt(run, 'stop');
      await Promise.all(mine.map(({ settled }) => settled));
    },
    close: async () => {
      commands.close();
      throttle.close();
      const ended: RunEvent = { kind: 'lose-owner' };
      for (const run of live.values()) run.haltFor(ended);
      await Promise.all([...live.values()].map(({ settled }) => settled));
      stopListening();
      await waiting.close();
    },
  };
}

const notUnderWay = ({ kind }: StoredRun['phase']): Outcome<never> =>
  failed(kind === 'done' ? 'run-finished' : 'run-not-under-way');
