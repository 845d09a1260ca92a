import { useEffect, useRef } from 'react';
import type { RunState } from '../../contract/runs/run.ts';
import { client } from './client.ts';
import { isElsewhere, useLiveRuns } from './run-queries.ts';

/**
 * Runs of the command line send the window no hints. Their counts are asked for again and again; where one moved, or has ended,
 * everything that is shown of it is fetched anew.
 */
export function useFollowOthers(): void {
  const runs = useLiveRuns().data;
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (!runs) return;
    const now = new Map(runs.filter(isElsewhere).map((run) => [run.id, markOf(run)]));
    const changed = [...now].filter(([id, mark]) => known.current.get(id) !== mark).map(([id]) => id);
    const over = [...known.current.keys()].filter((id) => !now.has(id));
    known.current = now;
    for (const id of [...changed, ...over]) void client.invalidateQueries({ queryKey: ['run', id] });
    if (over.length > 0) void client.invalidateQueries({ queryKey: ['runs', 'ended'] });
  }, [runs]);
}

const markOf = ({ kind, counts }: RunState): string =>
  [kind, counts.answered, counts.faults, counts.found].join(' ');
