export { openLedger } from './ledger.ts';
export type { Ledger } from './ledger.ts';
export { isHere } from './step.ts';
export type { Move } from './step.ts';
