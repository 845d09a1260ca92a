import { row } from './fault-row.ts';

/** Faults of what the window does with a user's file. See fault-table.ts for the columns. */
export const windowFaults = {
  'not-opened': row(
    1,
    500,
    false,
    '{file} was not opened: {reason}.',
    'Show it in its folder, and open it there with a program that you choose.',
  ),
} as const;
