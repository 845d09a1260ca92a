import { classifier } from '../places.mjs';
import { atLeast, atMost, median } from '../rows.mjs';
import { load } from './client.mjs';
import { outpost } from './stacks.mjs';

const times = 4;
/** A short backlog, so that queued requests are served soon and the excess is refused at once. */
const backlog = 16;

/** Goodput and latency of refusals at four times the capacity. */
export async function overloadOf({ ours, folder, log, isQuick }) {
  const seconds = isQuick ? 3 : 10;
  const options = [...ours.options, '--backlog', String(backlog)];
  const server = await outpost({ ...ours, options, load: [classifier.id] });
  try {
    const photo = { ...server.exact, body: ours.bodies.jpegSmall, folder, seconds };
    await load({ ...photo, connections: 8, seconds: 1 });
    const goodput = [];
    const p99 = [];
    for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
      const { perSecond: usual } = await load({ ...photo, connections: 8 });
      const flood = await load({ ...photo, perSecond: times * usual });
      if (flood.failures > 0)
        throw new Error(`${flood.failures} of ${flood.total} requests were neither answered nor refused`);
      log(
        `  ${usual.toFixed(0)}/s before; of ${(times * usual).toFixed(0)}/s ${flood.goodPerSecond.toFixed(0)}/s, and ${flood.refused} refused within ${flood.refusedP99.toFixed(0)} ms (p99)`,
      );
      goodput.push(flood.goodPerSecond / usual);
      p99.push(flood.refusedP99);
    }
    return [
      atLeast(`${times} × capacity, open loop: answered ÷ before`, median(goodput), { bar: 0.9, unit: '×' }),
      atMost('… the rest refused with 503, p99', median(p99), { bar: 50, unit: 'ms' }),
    ];
  } finally {
    await server.end();
  }
}
