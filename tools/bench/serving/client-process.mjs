import { readFileSync } from 'node:fs';
import { play } from './client.mjs';
import { playOpen } from './open-loop.mjs';

process.once('message', async ({ bodyFile, ...request }) => {
  const asked = { ...request, body: readFileSync(bodyFile) };
  process.send(await (request.perSecond === undefined ? play(asked) : playOpen(asked)));
});
