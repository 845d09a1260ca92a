import { setTimeout as sleep } from 'node:timers/promises';
import { classifier } from '../places.mjs';
import { median } from '../rows.mjs';
import { load } from './client.mjs';
import { memoryOf } from './process-tree.mjs';
import { outpost } from './stacks.mjs';

const mib = 1024 ** 2;

/**
 * Outpost with the photo model alone, started once more on the data folder of before, under 12 megapixel photos.
 * @returns {Promise<{ startMs: number, peakMib: number, growth: number | null }>} `growth`: the last tenth of a soak ÷ its
 *   second one (the first fills what is kept); null without a soak
 */
export async function measureMemory({ ours, folder, log, seconds, soakMinutes }) {
  const server = await outpost({ ...ours, load: [classifier.id] });
  const samples = [];
  let isOver = false;
  const sampling = (async () => {
    for (; !isOver; await sleep(250)) samples.push(memoryOf(server.pid) / mib);
  })();
  try {
    const body = ours.bodies.jpeg12;
    const howLong = soakMinutes > 0 ? 60 * soakMinutes : seconds;
    const { failures, perSecond } = await load({
      ...server.exact,
      body,
      connections: 8,
      folder,
      seconds: howLong,
    });
    if (failures > 0) throw new Error(`${failures} requests failed while memory was measured`);
    log(
      `  memory of the tree under 12 MP: at most ${Math.round(Math.max(...samples))} MiB at ${perSecond.toFixed(1)}/s`,
    );
  } finally {
    isOver = true;
    await sampling;
    await server.end();
  }
  const tenth = (at) =>
    median(
      samples.slice(Math.floor((at * samples.length) / 10), Math.ceil(((at + 1) * samples.length) / 10)),
    );
  return {
    startMs: server.startMs,
    peakMib: Math.max(...samples),
    growth: soakMinutes > 0 ? tenth(9) / tenth(1) : null,
  };
}
