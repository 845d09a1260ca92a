import path from 'node:path';

/** In a file of its own for processes that must not load SQLite. */
export const storeFile = (folder: string): string => path.join(folder, 'outpost.db');
