import { createHash } from 'node:crypto';

/**
 * This device's place in the roll-out of a version, from 0 to below 100: pseudo-random by version, so that the same
 * people are not always first, and stable, so that asking again changes nothing.
 */
export function rolloutPlace(deviceId: string, model: string, version: string): number {
  const digest = createHash('sha256').update(`${deviceId}\n${model}\n${version}`).digest();
  return (digest.readUIntBE(0, 6) / 2 ** 48) * 100;
}
