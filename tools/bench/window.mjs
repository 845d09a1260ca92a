import { ensureReady } from '../setup/index.mjs';
import { windowPlace } from '../checks/window.mjs';
import { atMost, median } from './rows.mjs';

/** From starting the window with a photo to its label on the screen; on Linux on a virtual screen, as an ordinary user. */
export async function measureWindow({ isQuick, log }) {
  const { runtime } = await ensureReady({ electron: true, display: 'virtual', log });
  const place = await windowPlace(runtime);
  try {
    const turns = String(isQuick ? 2 : 5);
    const { code, stdout, output } = await place.start(['tools/bench/window-launch.mjs', turns], {
      timeout: 300_000,
    });
    if (code !== 0) throw new Error(`the window could not be measured:\n${output.slice(-2000)}`);
    const { usable, first, later } = JSON.parse(stdout.trim().split('\n').at(-1));
    log(
      `  window: first launch ${first.map((s) => s.toFixed(2)).join(', ')} s, later ${later.map((s) => s.toFixed(2)).join(', ')} s`,
    );
    return [
      atMost('window on the screen after launch, p50', median(usable), { bar: 1.5, unit: 's' }),
      atMost('first answer of the window, first launch ever, p50', median(first), { bar: 2.5, unit: 's' }),
      atMost('first answer of the window, later launches, p50', median(later), { bar: 2.5, unit: 's' }),
    ];
  } finally {
    place.dispose();
  }
}
