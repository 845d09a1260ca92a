import { compareVersions } from '../packs/index.ts';

/** Apart from the rest of the room, so that a start does not load the verifier. */
export { createAppUpdate } from './app/index.ts';
export type { AppUpdate, AutoUpdaterPort } from './app/index.ts';

export const isNewer = (one: string, other: string): boolean => compareVersions(one, other) > 0;
