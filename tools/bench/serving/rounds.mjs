import { median } from '../rows.mjs';
import { load } from './client.mjs';
import { sessionLoop } from './stacks.mjs';

/** What is asked of every stack that has such a route. `body`: of those routes that take any photo. */
const scenarios = {
  tinyJson4: { route: 'tinyJson', connections: 4 },
  tinyJson16: { route: 'tinyJson', connections: 16 },
  tinyBinary4: { route: 'tinyBinary', connections: 4 },
  tinyBinary16: { route: 'tinyBinary', connections: 16 },
  pixelsBinary: { route: 'pixelsBinary', connections: 8 },
  pixelsJson: { route: 'pixelsJson', connections: 8 },
  exact2: { route: 'exact', connections: 8, body: 'jpeg2' },
  exact12: { route: 'exact', connections: 8, body: 'jpeg12' },
  fast2: { route: 'fast', connections: 8, body: 'jpeg2' },
  fast12: { route: 'fast', connections: 8, body: 'jpeg12' },
};
export const scenarioNames = Object.keys(scenarios);

const warmSeconds = 3;
/** V8 goes on compiling what photos need for half a minute: until then either server that runs on it is measured below what it gives. */
const photoWarmSeconds = 20;
const onV8 = ['outpost', 'ceiling'];
/** Outpost finds out beside the first tensors whether rows of several requests may run together, once for a model on a machine. */
const provingSeconds = 20;

/**
 * Runs every scenario on all stacks, in an order that is reversed each round, so that other load of the machine affects all alike.
 * Gives for each scenario and stack the figures of each round; those of one round belong together.
 */
export async function playRounds(servers, bodies, { rounds, seconds, isQuick, isAsked, folder, log }) {
  const figures = {};
  for (const [scenario, { route, connections, body }] of Object.entries(scenarios)) {
    if (!isAsked(scenario)) continue;
    const players = Object.entries(servers)
      .filter(([, server]) => server[route])
      .map(([name, server]) => {
        const { wrap = (bytes) => bytes, ...target } = server[route];
        const request = { ...target, body: target.body ?? wrap(bodies[body]), connections, folder };
        return [name, (howLong) => good({ name, scenario, log }, { ...request, seconds: howLong })];
      });
    for (const [name, play] of players) await play(isQuick ? warmSeconds : warmthOf(name, { route, body }));
    if (scenario === 'pixelsBinary')
      players.push(['loop', async (howLong) => ({ perSecond: await sessionLoop(howLong) })]);
    const found = Object.fromEntries(players.map(([name]) => [name, []]));
    for (let round = 0; round < rounds; round += 1)
      for (const [name, play] of round % 2 === 0 ? players : players.toReversed())
        found[name].push(await play(seconds));
    for (const [name, results] of Object.entries(found)) log(`  ${scenario}, ${name}: ${textOf(results)}`);
    figures[scenario] = found;
  }
  return figures;
}

function warmthOf(name, { route, body }) {
  if (name === 'outpost' && route.startsWith('pixels')) return provingSeconds;
  return body !== undefined && onV8.includes(name) ? photoWarmSeconds : warmSeconds;
}

/** A failed request of Outpost fails the bench; failures of the other stacks are only reported. */
async function good({ name, scenario, log }, request) {
  const { failures, total, ...rates } = await load(request);
  const failed = `${name} failed ${failures} of ${total} requests of ${scenario}`;
  if (total === failures || (failures > 0 && name === 'outpost')) throw new Error(failed);
  if (failures > 0) log(`  ${failed}`);
  return rates;
}

function textOf(results) {
  const of = (key) => median(results.map((each) => each[key]));
  const rate = `${of('perSecond').toFixed(1)}/s`;
  return results[0].p50 === undefined
    ? rate
    : `${rate}, p50 ${of('p50').toFixed(1)} ms, p99 ${of('p99').toFixed(1)} ms`;
}
