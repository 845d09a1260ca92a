import { lengthOf } from '../../../contract/embedding.ts';
import type { Embedding } from '../../../contract/embedding.ts';
import type { Readable, Writable } from '../database.ts';

/** Estimated bytes of an embedding's row besides its values, measured over many. */
const overheadBytes = 60;

/** Vectors are comparable only within the same pack and variant. */
export type Space = { readonly pack: string; readonly variant: string };

export const embeddingBytes = ({ values }: Embedding): number => values.length + overheadBytes;

/** Replaces the vector of the same answer. */
export function putEmbedding(
  db: Writable,
  { pack, variant, key }: Space & { readonly key: string },
  embedding: Embedding,
): void {
  const { scale, values } = embedding;
  db.run(
    'INSERT INTO embedding_spaces (pack, variant, size) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
    pack,
    variant,
    values.length,
  );
  db.run('DELETE FROM embeddings WHERE answer = (SELECT id FROM answers WHERE key = ?)', key);
  db.run(
    `INSERT INTO embeddings (answer, space, scale, length, data)
     SELECT answers.id, embedding_spaces.id, ?, ?, ? FROM answers, embedding_spaces
     WHERE answers.key = ? AND embedding_spaces.pack = ? AND embedding_spaces.variant = ? AND embedding_spaces.size = ?`,
    scale,
    lengthOf(values),
    new Uint8Array(Int8Array.from(values).buffer),
    key,
    pack,
    variant,
    values.length,
  );
}

export function readEmbedding(db: Readable, key: string): Embedding | undefined {
  const row = db.get<{ scale: number; data: Uint8Array }>(
    'SELECT scale, data FROM embeddings WHERE answer = (SELECT id FROM answers WHERE key = ?)',
    key,
  );
  return row && { scale: row.scale, values: Array.from(signed(row.data)) };
}

const signed = ({ buffer, byteOffset, byteLength }: Uint8Array): Int8Array =>
  new Int8Array(buffer, byteOffset, byteLength);

/** Null when no vector of this pack, variant and size was ever stored. */
export function spaceOf(db: Readable, { pack, variant }: Space, size: number): number | null {
  const sql = 'SELECT id FROM embedding_spaces WHERE pack = ? AND variant = ? AND size = ?';
  return db.get<{ id: number }>(sql, pack, variant, size)?.id ?? null;
}
