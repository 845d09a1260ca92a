import path from 'node:path';

/** In a file of its own: imported also by processes that must not load SQLite. */
export const storeFile = (folder: string): string => path.join(folder, 'outpost.db');
