import { setImmediate } from 'node:timers/promises';

/** Two turns of the event loop: connections that wait in the system's queue are accepted before a server closes it, and with it them. */
export async function acceptWhatCame(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
