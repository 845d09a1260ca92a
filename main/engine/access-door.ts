/** Apart from the rest of the room: whoever needs tokens alone does not load the engine. */
export { createAccess, createConsent, tokenFile } from './access/index.ts';
export type { AccessParts } from './access/index.ts';
export type { ConsentParts } from './access/consent.ts';
export type * from './access/port.ts';
