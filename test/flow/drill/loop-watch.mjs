import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/* Loaded before `outpost serve` (NODE_OPTIONS): tells how long that process's own event loop was held since it was last asked. */

const place = process.env['LOOP_WATCH'];
if (place && isMainThread && process.argv.includes('serve')) {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const server = createServer((request, response) => {
    // Holds the loop itself, to show that the measure sees it.
    const until = performance.now() + Number(request.url?.slice(1));
    while (performance.now() < until);
    // The measure's own timer comes first: what is held just now counts, too.
    setTimeout(() => {
      response.end(String(delay.max / 1e6));
      delay.reset();
    }, 50);
  });
  server.listen(0, '127.0.0.1', () => writeFileSync(place, String(server.address().port)));
  server.unref();
}
