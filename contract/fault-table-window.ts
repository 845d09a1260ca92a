import { row } from './fault-row.ts';

/** What a person asked the window to do with a file of theirs. See fault-table.ts for what the columns mean. */
export const windowFaults = {
  'not-opened': row(
    1,
    500,
    false,
    '{file} was not opened: {reason}.',
    'Show it in its folder, and open it there with a program that you choose.',
  ),
} as const;
