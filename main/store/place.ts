import path from 'node:path';

/** Apart from whatever loads SQLite: the door names the file too, and lives in a process that must not. */
export const storeFile = (folder: string): string => path.join(folder, 'outpost.db');
