export { embeddingBytes, embeddingRow, putEmbedding, readEmbedding, spaceOf } from './embeddings.ts';
export type { EmbeddingRow, Space } from './embeddings.ts';
export { createIndexes } from './indexes.ts';
export type { Indexes } from './indexes.ts';
export { findGroups } from './groups.ts';
