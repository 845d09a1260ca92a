import { isRunWaiting } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { leftOutText } from '../tally.ts';

/** A run as scripts read it; `state` is a word of contract/runs/run.ts. */
export function runRecord(run: RunState) {
  const { id, title, kind, model, version, counts, startedAt, endedAt, elapsedMs } = run;
  return {
    id,
    title,
    state: kind,
    ...(run.kind === 'paused' && { pausedBy: run.by }),
    ...(run.slowedBy !== null && { slowedBy: run.slowedBy }),
    model,
    version,
    counts,
    startedAt,
    endedAt,
    elapsedMs: Math.round(elapsedMs),
    ...('fault' in run && run.fault && { fault: { code: run.fault.code, message: run.fault.message } }),
  };
}

/** As in `running, 400 of 2,000, 3 faults`. */
export function runText(run: RunState): string {
  const { counts } = run;
  const done = counts.answered + counts.faults;
  const faults = counts.faults === 0 ? '' : `, ${counts.faults} ${counts.faults === 1 ? 'fault' : 'faults'}`;
  const left = leftOutText(counts.leftOut);
  return `${stateText(run)}, ${done} of ${counts.found}${counts.scanned ? '' : ' found so far'}${faults}${left && `; left out: ${left}`}`;
}

/** As in `Watching incoming · 12 answered · 1 fault · 3 coming`; a folder that is gone is waited for. */
export function watchText(run: RunState): string {
  const { answered, faults, found } = run.counts;
  const coming = found - answered - faults;
  return [
    `${isRunWaiting(run) ? 'Waiting for' : 'Watching'} ${run.title}`,
    `${answered} answered`,
    ...(faults > 0 ? [`${faults} ${faults === 1 ? 'fault' : 'faults'}`] : []),
    ...(coming > 0 ? [`${coming} coming`] : []),
  ].join(' · ');
}

const causes = {
  person: '',
  battery: ' (battery)',
  drive: ' (drive gone)',
  'disk-full': ' (disk full)',
} as const;
const slowed = { heat: ' (slowed: hot)', battery: ' (slowed: battery)' } as const;
function stateText(run: RunState): string {
  if (run.kind === 'paused') return `paused${causes[run.by]}`;
  return `${run.kind}${run.slowedBy === null ? '' : slowed[run.slowedBy]}`;
}
