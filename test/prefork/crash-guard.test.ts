import { expect, test } from 'vitest';
import { createCrashGuard } from '../../main/prefork/worker/crash-guard.ts';
import { createRunners } from '../../main/worker/index.ts';

test('while the arbiter watches, nothing runs beside what is written down', async () => {
  const guard = createCrashGuard({ isWatching: false, setAside: [], refused: [] }, () => undefined);
  let asked = 0;
  const open = guard.watch((send, onDrained) => {
    const { handle } = createRunners()(send, onDrained);
    return {
      handle,
      run: () => {
        asked += 1;
        return null;
      },
    };
  });
  const runner = open(
    () => undefined,
    () => undefined,
    'm@1.0.0',
  );
  expect(runner.run([])).toBeNull();
  expect(asked).toBe(1);
  guard.become({ isWatching: true, setAside: [], refused: [] });
  expect(runner.run([])).toBeNull();
  expect(asked).toBe(1);
});
