export { embeddingBytes, putEmbedding, readEmbedding, spaceOf } from './embeddings.ts';
export type { Space } from './embeddings.ts';
export { createIndexes } from './indexes.ts';
export type { Indexes } from './indexes.ts';
export { findGroups } from './groups.ts';
