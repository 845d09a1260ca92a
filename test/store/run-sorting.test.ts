import path from 'node:path';
import { expect, test } from 'vitest';
import { openWritable } from '../../main/store/database.ts';
import { findRun } from '../../main/store/runs/items.ts';
import { startSorting } from '../../main/store/runs/sorting.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { seedRun } from '../fixtures/seed-run.ts';
import { newFolder } from '../temp/folder.ts';

const rows = 24_000;
type Row = { readonly seq: number; readonly label: string | null; readonly score: number | null };

test('many matches come in their order a portion at a time, the same ones as of a plain list', async () => {
  const folder = newFolder();
  await (await openTestStore(folder)).close();
  seedRun(folder, { name: 'r1', rows });
  const { handle, close } = openWritable(path.join(folder, 'outpost.db'));
  const run = findRun(handle, 'r1')!;
  // Ties that are longer than a portion, and letters of both cases.
  handle.run(
    "UPDATE run_items SET label = CASE seq % 3 WHEN 0 THEN 'Lynx' ELSE 'lynx' END WHERE label < 'label 5'",
  );
  const all = handle.all<Row>('SELECT seq, label, score FROM run_items WHERE seq % 7 <> 0');
  for (const by of ['score', 'label'] as const)
    for (const descending of [false, true]) {
      const sign = descending ? -1 : 1;
      const valueOf = (row: Row) => (by === 'score' ? row.score : (row.label?.toLowerCase() ?? null));
      const wanted = all.toSorted((one, other) => {
        const [left, right] = [valueOf(one), valueOf(other)];
        if (left === null || right === null)
          return left === right ? one.seq - other.seq : left === null ? 1 : -1;
        return (left < right ? -1 : left > right ? 1 : one.seq - other.seq) * sign;
      });
      const sorting = startSorting(handle, run, {
        seqs: all.map(({ seq }) => seq),
        order: { by, descending },
      });
      const lengths: number[] = [];
      while (!sorting.isWhole) {
        sorting.extend(0);
        lengths.push(sorting.seqs.length);
      }
      expect(sorting.seqs).toEqual(wanted.map(({ seq }) => seq));
      expect(lengths.length).toBeGreaterThan(4);
      expect(lengths[0]).toBeGreaterThan(1_000);
    }
  close();
});
