import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../lib/durable.ts';

/** Random id of this computer, which decides its place in a staged roll-out; created once, never sent anywhere. */
export async function readDeviceId(folder: string): Promise<string> {
  const file = join(folder, 'device-id');
  const known = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (/^[0-9a-f-]{36}$/u.test(known)) return known;
  const made = randomUUID();
  // On a read-only disk the id is a new one at the next start, which only changes the place in the roll-out.
  await writeDurably(file, `${made}\n`).catch(() => undefined);
  return made;
}
