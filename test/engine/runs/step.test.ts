import { expect, test } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import type { RunPhase } from '../../../contract/runs/run.ts';
import { step } from '../../../main/engine/runs/step.ts';
import type { RunEvent } from '../../../main/engine/runs/step.ts';
import { openInMemory } from '../../../main/store/database.ts';
import { migrate } from '../../../main/store/migrations/index.ts';
import { registerProcess } from '../../../main/store/open-processes.ts';
import { settleRuns } from '../../../main/store/runs/journal.ts';

const why = fault('drive-gone', { folder: '/media/card' });
const states: Readonly<Record<string, RunPhase>> = {
  scanning: { kind: 'scanning' },
  running: { kind: 'running' },
  'paused by a person': { kind: 'paused', by: 'person', fault: null },
  'paused by the drive': { kind: 'paused', by: 'drive', fault: why },
  'paused by the battery': { kind: 'paused', by: 'battery', fault: null },
  'paused by the disk': { kind: 'paused', by: 'disk-full', fault: null },
  stopping: { kind: 'stopping' },
  stopped: { kind: 'stopped' },
  done: { kind: 'done' },
  failed: { kind: 'failed', fault: why },
  interrupted: { kind: 'interrupted' },
};
const pause: RunEvent = { kind: 'pause', by: 'drive', fault: why };
const fail: RunEvent = { kind: 'fail', fault: why };
const events: readonly RunEvent[] = [
  { kind: 'found' },
  pause,
  { kind: 'resume' },
  { kind: 'retry' },
  { kind: 'stop' },
  { kind: 'settle' },
  { kind: 'finish' },
  fail,
  { kind: 'lose-owner' },
];

test('every cell of the drawing', () => {
  const table = Object.entries(states).map(([name, state]) =>
    [name, ...events.map((event) => step(state, event)?.kind ?? '-')].join(' | '),
  );
  expect(table).toEqual([
    'scanning | running | paused | - | - | stopping | - | done | failed | interrupted',
    'running | running | paused | - | - | stopping | - | done | failed | interrupted',
    'paused by a person | - | - | scanning | scanning | stopped | - | - | - | -',
    'paused by the drive | - | - | scanning | scanning | stopped | - | - | - | interrupted',
    'paused by the battery | - | - | scanning | scanning | stopped | - | - | - | interrupted',
    'paused by the disk | - | - | scanning | scanning | stopped | - | - | - | interrupted',
    'stopping | - | - | - | - | - | stopped | - | failed | stopped',
    'stopped | - | - | scanning | scanning | - | - | - | - | -',
    'done | - | - | - | scanning | - | - | - | - | -',
    'failed | - | - | scanning | scanning | - | - | - | - | -',
    'interrupted | - | - | scanning | scanning | stopped | - | - | - | -',
  ]);
});

test('what goes along with an event is in the state', () => {
  expect(step({ kind: 'running' }, pause)).toEqual({ kind: 'paused', by: 'drive', fault: why });
  expect(step({ kind: 'running' }, fail)).toEqual({ kind: 'failed', fault: why });
});

test('the store draws the same arrows for runs whose owner is gone', () => {
  const { handle: db, close } = openInMemory();
  migrate(db);
  registerProcess(db, '0.1.0');
  // An opening that is not there: its process closed the store, or was found dead.
  const absent = 77;
  for (const [name, state] of Object.entries(states)) {
    const isOwned = step(state, { kind: 'lose-owner' }) !== null;
    db.run(
      `INSERT INTO runs (name, title, model, version, started_at, state, paused_by, owner) VALUES (?, '', '', '', '', ?, ?, ?)`,
      name,
      state.kind,
      state.kind === 'paused' ? state.by : null,
      isOwned ? absent : null,
    );
  }
  settleRuns(db);
  const found = db.all<{ name: string; state: string }>('SELECT name, state FROM runs');
  for (const { name, state } of found)
    expect([name, state]).toEqual([
      name,
      (step(states[name]!, { kind: 'lose-owner' }) ?? states[name]!).kind,
    ]);
  expect(found).toHaveLength(Object.keys(states).length);
  close();
});
