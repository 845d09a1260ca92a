import { importSource } from './bundle.mjs';
import { taken } from './places.mjs';
import { atMost, median } from './rows.mjs';

/** A pack of 20 MB of which one region of 5 % changed, over HTTP from a server on this machine. */
export async function measureDelta({ isQuick, log }) {
  const { MoveBench, packBytes } = await importSource('test/updates/download/bench.ts');
  const bench = await new MoveBench().open();
  try {
    const times = { delta: [], full: [] };
    let share = 1;
    for (let turn = 0; turn < (isQuick ? 3 : 9); turn += 1) {
      for (const way of ['delta', 'full']) {
        bench.reset();
        const basis = way === 'delta' ? bench.basis : null;
        const begun = performance.now();
        const fetched = taken(await bench.fetch({ basis }));
        times[way].push(performance.now() - begun);
        if (fetched.way !== way) throw new Error(`${way} became ${fetched.way}`);
        if (!bench.isWhole) throw new Error('the pack that came is not the one that was sent');
        if (way === 'delta') share = bench.server.sent / packBytes;
      }
    }
    const [delta, full] = [median(times.delta), median(times.full)];
    log(`  20 MB pack: delta ${delta.toFixed(0)} ms, whole ${full.toFixed(0)} ms`);
    return [
      atMost('delta of one 5 % region, bytes on the wire ÷ the pack', share * 100, { bar: 8, unit: '%' }),
      atMost('delta of a 20 MB pack, old map made and digests checked', delta / 1000, { bar: 2, unit: 's' }),
    ];
  } finally {
    await bench.close();
  }
}
