import { expect, test } from 'vitest';
import { localTime } from '../../contract/local-time.ts';
import { namedRun } from '../../contract/runs/run.ts';

test('a time of this computer is written in numbers that sort as text, and a run is named by it', () => {
  expect(localTime(new Date(2026, 0, 2, 3, 4, 5))).toEqual({ day: '2026-01-02', clock: ['03', '04', '05'] });
  const startedAt = new Date(2026, 10, 28, 14, 5).toISOString();
  expect(namedRun({ id: 'r1', title: 'Ridge', startedAt })).toEqual({
    run: 'r1',
    title: 'Ridge',
    begun: '2026-11-28 14:05',
  });
  expect(namedRun({ id: 'r1', title: '', startedAt: 'long ago' })).toMatchObject({
    title: 'r1',
    begun: 'long ago',
  });
});
