/** See fault-table.ts for what the columns mean. */
export const row = (exit: 1 | 2 | 130, http: number, retry: boolean, message: string, hint: string) =>
  ({ exit, http, retry, message, hint }) as const;
