import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../lib/durable.ts';

/** Names this computer for staged roll-outs; made once, and never sent anywhere. */
export async function readDeviceId(folder: string): Promise<string> {
  const file = join(folder, 'device-id');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f-]{36}$/u.test(known)) return known;
  const made = randomUUID();
  // Where nothing can be written it is another one next time, which costs a place in the queue and nothing else.
  await writeDurably(file, `${made}\n`).catch(() => undefined);
  return made;
}
