import { lengthOf } from '../../../contract/packs/embedding.ts';
import type { Embedding } from '../../../contract/packs/embedding.ts';
import type { Readable, Writable } from '../database.ts';

/** Estimated bytes of an embedding's row besides its values, measured over many. */
const overheadBytes = 60;

/** Vectors are comparable only within the same pack and variant. */
export type Space = { readonly pack: string; readonly variant: string };

/**
 * A feature vector on its way to the writer. An array of numbers would cost more at each process and thread that it crosses than
 * everything else of its record.
 */
export type EmbeddingRow = {
  readonly scale: number;
  /** Euclidean, of the quantised values. */
  readonly length: number;
  /** The signed bytes, one character (0 to 255) each. */
  readonly data: string;
};

export const embeddingRow = ({ scale, values }: Embedding): EmbeddingRow => ({
  scale,
  length: lengthOf(values),
  data: Buffer.from(values as number[]).toString('latin1'),
});

export const embeddingBytes = ({ data }: EmbeddingRow): number => data.length + overheadBytes;

/** Replaces the vector of the answer with this row id. */
export function putEmbedding(
  db: Writable,
  { pack, variant, answer }: Space & { readonly answer: number },
  { scale, length, data }: EmbeddingRow,
): void {
  const size = data.length;
  const space =
    spaceOf(db, { pack, variant }, size) ??
    db.get<{ id: number }>(
      'INSERT INTO embedding_spaces (pack, variant, size) VALUES (?, ?, ?) RETURNING id',
      pack,
      variant,
      size,
    )!.id;
  db.run('DELETE FROM embeddings WHERE answer = ?', answer);
  db.run(
    'INSERT INTO embeddings (answer, space, scale, length, data) VALUES (?, ?, ?, ?, ?)',
    answer,
    space,
    scale,
    length,
    Buffer.from(data, 'latin1'),
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
