import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rolldown } from 'rolldown';

// In a process of its own: what is refused once stays refused.
it('leaves a process no way out: not by TCP, UDP, HTTP, fetch or listening', async () => {
  const entry = join(import.meta.dirname, '../../main/worker/no-network.ts');
  const built = await rolldown({ input: entry, platform: 'node' });
  const { output } = await built.generate({ format: 'es' });
  const program = `${output[0].code.replace(/export \{[^}]*\};?/u, '')}
    import { createServer } from 'node:http';
    const server = createServer((_request, response) => response.end('reached'));
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address();
    const address = 'http://127.0.0.1:' + port;
    const before = await (await fetch(address)).text();
    refuseNetwork();
    const tries = {
      fetch: () => fetch(address),
      http: async () => { const { get } = await import('node:http'); await new Promise((done, fail) => get(address, { agent: false }, done).on('error', fail)); },
      tcp: async () => { const { connect } = await import('node:net'); connect(port, '127.0.0.1'); },
      udp: async () => { const { createSocket } = await import('node:dgram'); createSocket('udp4').send('x', port, '127.0.0.1'); },
      listen: async () => { createServer(() => {}).listen(0); },
    };
    const seen = { before };
    for (const [name, attempt] of Object.entries(tries)) seen[name] = await attempt().then(() => 'reached', (error) => error.cause?.message ?? error.message);
    console.log(JSON.stringify(seen));
    process.exit(0);`;
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  const refused = 'a worker has no network';
  expect(JSON.parse(ran.stdout || ran.stderr)).toEqual({
    before: 'reached',
    fetch: refused,
    http: refused,
    tcp: refused,
    udp: refused,
    listen: refused,
  });
});
