/** A row of a fault table; fault-table.ts explains the columns. */
export const row = (exit: 1 | 2 | 130, http: number, retry: boolean, message: string, hint: string) =>
  ({ exit, http, retry, message, hint }) as const;
