import { classifier } from '../places.mjs';
import { atLeast, atMost, leftOut, median } from '../rows.mjs';
import { load } from './client.mjs';
import { askOverOneChannel } from './grpc-client.mjs';
import { freePort, outpost, serveTakes } from './stacks.mjs';

const calls = 16;
const rowNames = {
  channel: `one gRPC channel, ${calls} calls under way, ÷ --inference isolated`,
  connection: 'one kept-alive connection, 12 MP, p50 ÷ --inference isolated',
};

/** Rate of one client with an in-process worker ÷ that with a worker process behind it. */
export async function limitsOf({ ours, folder, log, isQuick }) {
  if (!(await serveTakes('--inference'))) return leftOutBoth('serve has no --inference');
  const seconds = isQuick ? 2 : 5;
  const servers = [];
  try {
    for (const way of ['in-process', 'isolated']) {
      const grpcPort = await freePort();
      const options = ['--inference', way];
      const server = await outpost({ ...ours, options, load: [classifier.id, 'tiny'], grpcPort });
      servers.push({ ...server, grpcPort });
      // Until V8 has compiled what a call needs, the server with fewer calls behind it is measured below what it gives.
      await askOverOneChannel({ port: grpcPort, calls, seconds: isQuick ? 2 : 20 });
    }
    const rates = { channel: [], connection: [] };
    for (let round = 0; round < (isQuick ? 1 : 3); round += 1) {
      const found = [];
      for (const [at, server] of servers.entries()) {
        const channel = await askOverOneChannel({ port: server.grpcPort, calls, seconds });
        const photo = { ...server.exact, body: ours.bodies.jpeg12, connections: 1, folder, seconds };
        found[at] = { channel, p50: (await load(photo)).p50 };
      }
      const [own, isolated] = found;
      log(`  one channel: ${found.map(({ channel }) => `${channel.toFixed(0)}/s`).join(' and ')} isolated`);
      rates.channel.push(own.channel / isolated.channel);
      rates.connection.push(own.p50 / isolated.p50);
    }
    return [
      atLeast(rowNames.channel, median(rates.channel), { bar: 0.9, unit: '×' }),
      atMost(rowNames.connection, median(rates.connection), { bar: 1.1, unit: '×' }),
    ];
  } catch (error) {
    // A failure here must not lose the rows measured before.
    return leftOutBoth(error.message);
  } finally {
    for (const server of servers) await server.end();
  }
}

const leftOutBoth = (why) => [
  leftOut(rowNames.channel, why, { bar: 0.9, unit: '×' }),
  leftOut(rowNames.connection, why, { bar: 1.1, unit: '×' }),
];
