import { createHash } from 'node:crypto';

/**
 * Where this device stands in the roll-out of one version, from 0 to below 100. Each version draws anew, so that it is
 * not always the same people who go first; the same device stands at the same place however often it asks.
 */
export function rolloutPlace(deviceId: string, model: string, version: string): number {
  const digest = createHash('sha256').update(`${deviceId}\n${model}\n${version}`).digest();
  return (digest.readUIntBE(0, 6) / 2 ** 48) * 100;
}
