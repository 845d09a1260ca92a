import { dieAtStep } from '../../fixtures/counted-steps.ts';
import type { MoveRequest, MoveTarget } from '../../../main/updates/download/index.ts';

/* Fetches a pack in a process of its own that is killed before its nth step on the disk; of the writes of the pack itself every 80th counts. */
type Given = {
  readonly at: string;
  readonly target: MoveTarget;
  readonly blockmap: MoveTarget;
  readonly request: object;
};
const given = JSON.parse(process.argv[2] ?? '{}') as Given;
dieAtStep(Number(process.argv[3]), { everyWrite: 80 });

const { createMover, nodeHttpExecutor } = await import('../../../main/updates/download/index.ts');
const { defaultSettings } = await import('../../../contract/settings.ts');
const placed = (target: MoveTarget): MoveTarget => ({
  ...target,
  place: { kind: 'url', url: new URL(target.name, given.at) },
});
const outcome = await createMover({
  httpExecutor: nodeHttpExecutor(),
  settings: async () => defaultSettings,
  isUnmetered: () => true,
  log: () => undefined,
  now: () => new Date(),
}).fetch({
  ...(given.request as MoveRequest),
  target: placed(given.target),
  blockmap: placed(given.blockmap),
  onProgress: () => undefined,
  signal: new AbortController().signal,
});
if (!outcome.ok) throw new Error(outcome.fault.message);
