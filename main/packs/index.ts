export { openLibrary } from './library.ts';
export type { LibraryOptions } from './library.ts';
export type { Library, Pack, PackFolder, RefusedPack } from './door.ts';
