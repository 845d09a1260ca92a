import { readFileSync } from 'node:fs';
import { play } from './client.mjs';

process.once('message', async ({ bodyFile, ...request }) => {
  process.send(await play({ ...request, body: readFileSync(bodyFile) }));
});
