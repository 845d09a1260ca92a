export { createAccess } from './access.ts';
export type { AccessParts } from './access.ts';
export { createConsent } from './consent.ts';
export type { ConsentParts } from './consent.ts';
export { tokenFile } from './token-file.ts';
export type * from './types.ts';
