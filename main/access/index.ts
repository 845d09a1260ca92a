export { createAccess } from './access.ts';
export { createConsent } from './consent.ts';
export { tokenFile } from './token-file.ts';
export type * from './types.ts';
