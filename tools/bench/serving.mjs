import path from 'node:path';
import { classifier, withFolder } from './places.mjs';
import { limitsOf } from './serving/limits.mjs';
import { connectionsOf } from './serving/connections.mjs';
import { makeBodies } from './serving/bodies.mjs';
import { measureMemory } from './serving/memory.mjs';
import { overloadOf } from './serving/overload.mjs';
import { playRounds, scenarioNames } from './serving/rounds.mjs';
import { rowsOf } from './serving/rows.mjs';
import { peersOf } from './serving/peers.mjs';
import { ceiling, outpost } from './serving/stacks.mjs';

/**
 * Outpost, a bare server with the same libraries, and the stacks that people would use instead: each with two workers of one
 * thread, the same model and the same client in one run. Without Python its stacks are left out by name. `rows` begin the names of
 * what is measured: of scenarios, or of the parts behind them.
 */
export function measureServing({ isQuick, log, serve = [], soakMinutes = 0, rows = [], ...turns }) {
  const parts = [...scenarioNames, 'memory', 'limits', 'overload', 'connections'];
  const isAsked = (name) => rows.length === 0 || rows.some((row) => name.startsWith(row));
  const unknown = rows.find((row) => !parts.some((name) => name.startsWith(row)));
  if (unknown !== undefined) throw new Error(`--rows ${unknown}: there are ${parts.join(', ')}`);
  return withFolder(async (folder) => {
    const bodies = await makeBodies();
    const how = { ...(isQuick ? { rounds: 1, seconds: 2 } : { rounds: 3, seconds: 5 }), ...turns };
    const peers = await peersOf({ bodies, folder, log });
    log(
      `  ${how.rounds} × ${how.seconds} s each; photos of ${kib(bodies.jpeg2)} and ${kib(bodies.jpeg12)}${serve.length > 0 ? `; serve ${serve.join(' ')}` : ''}`,
    );
    const data = path.join(folder, 'data');
    const ours = { data, bodies, good: bodies.jpeg2, options: serve };
    const starts = [
      ['outpost', () => outpost({ ...ours, load: [classifier.id, 'tiny'] })],
      ['ceiling', () => ceiling({ bodies })],
      ...peers,
    ];
    const servers = {};
    let figures;
    try {
      for (const [name, start] of starts) {
        const server = await start();
        if (server) servers[name] = server;
      }
      figures = await playRounds(servers, bodies, { ...how, isQuick, isAsked, folder, log });
    } finally {
      for (const server of Object.values(servers)) await server.end();
    }
    // Alone: pages of libraries that several processes share would be counted as parts.
    const memory = isAsked('memory')
      ? await measureMemory({ ours, folder, log, seconds: isQuick ? 5 : 30, soakMinutes })
      : null;
    const limits = isAsked('limits') ? await limitsOf({ ours, folder, log, isQuick }) : [];
    const overload = isAsked('overload') ? await overloadOf({ ours, folder, log, isQuick }) : [];
    const connections = isAsked('connections') ? await connectionsOf({ ours, log, isQuick }) : [];
    return rowsOf({
      figures,
      firstStartMs: servers.outpost.startMs,
      memory,
      limits: [...limits, ...overload, ...connections],
      hasPython: peers.length > 0,
    });
  });
}

const kib = ({ byteLength }) => `${Math.round(byteLength / 1024)} KiB`;
