import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordRow } from '../../main/store/index.ts';
import type { Store, StoredRecord } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { seedAnswer, seedKey, seedStore } from '../fixtures/seed-store.ts';
import { seedVector, seedVectors } from '../fixtures/seed-vectors.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

const count = inLong(100_000, 20_000);
const size = 1_280;
const folder = newFolder('vectors');
const { packDigest: pack, variant } = seedAnswer(0);
let store: Store;
beforeAll(async () => {
  await (await openTestStore(folder)).close();
  seedStore(folder, count);
  seedVectors(folder, count, size);
  store = await openTestStore(folder);
}, 120_000);
afterAll(() => store.close());

const nearest = (n: number, more = {}) =>
  store.similarInputs({ pack, variant, embedding: seedVector(n, size), limit: 5, least: 0, ...more });

/** An answer with the vector of number `n` of the seed, under the input of number `input`. */
function answerWith(input: number, n: number): StoredRecord {
  const answer = seedAnswer(input);
  return { ...answer, result: { ...answer.result, embedding: seedVector(n, size) } } as StoredRecord;
}

describe('the most similar inputs', () => {
  it('are no slower to come at the first question where the vectors were read ahead', async () => {
    const timeOf = async (work: () => Promise<unknown>): Promise<number> => {
      const begun = performance.now();
      await work();
      return performance.now() - begun;
    };
    const reading = await timeOf(async () => expect(await store.readVectors({ pack })).toBe(count));
    const first = await timeOf(() => nearest(0));
    expect(first).toBeLessThan(reading / 2);
    expect(await store.readVectors({ pack: 'sha256:none' })).toBe(0);
  });

  it(`of ${count} come well within a second`, async () => {
    await nearest(0);
    const begun = performance.now();
    for (const n of [1, 777, count - 1]) {
      const { compared, inputs } = await nearest(n);
      expect(compared).toBe(count);
      expect(inputs).toHaveLength(5);
      expect(inputs[0]).toMatchObject({ digest: seedAnswer(n).digest, files: [{ path: `/seed/${n}.jpg` }] });
      expect(inputs[0]?.similarity).toBeCloseTo(1, 5);
      expect(inputs[1]?.similarity).toBeLessThan(0.5);
    }
    expect(performance.now() - begun).toBeLessThan(3_000);
  });

  it('are those of one pack and variant, none below the lowest, and nothing where nothing is kept', async () => {
    expect((await nearest(1, { variant: 'int8' })).inputs).toEqual([]);
    expect((await nearest(1, { least: 0.9 })).inputs).toHaveLength(1);
    const short = { scale: 1, values: [1, 2, 3] };
    expect((await nearest(1, { embedding: short })).compared).toBe(0);
  });

  it('see what came after the first question, what took its place, and what was removed', async () => {
    const added = answerWith(count + 1, 5);
    store.putRecord(seedKey(added), recordRow(added), null);
    const twice = await nearest(5, { least: 0.9 });
    expect(twice.inputs.map(({ digest }) => digest)).toEqual([seedAnswer(5).digest, added.digest]);
    expect(twice.inputs[1]?.files).toEqual([]);
    const another = answerWith(count + 1, count + 77);
    store.putRecord(seedKey(another), recordRow(another), null);
    expect((await nearest(5, { least: 0.9 })).inputs).toHaveLength(1);
    expect((await nearest(count + 77, { least: 0.9 })).inputs).toHaveLength(1);
    await store.purge({ model: 'second-model' });
    // Number 6 is of that model.
    expect((await nearest(6, { least: 0.9 })).inputs).toEqual([]);
    expect((await nearest(7, { least: 0.9 })).inputs).toHaveLength(1);
  });

  it('is read with its answer by who asks, and comes back as it was', async () => {
    const answer = answerWith(count + 2, 9);
    const key = seedKey(answer);
    store.putRecord(key, recordRow(answer), null);
    expect((await store.record(key))?.result).not.toHaveProperty('embedding');
    expect((await store.record(key, true))?.result).toEqual(answer.result);
  });

  it('are in a copy of the store as well, and none once it is closed', async () => {
    const other = newFolder('copy');
    await store.flush();
    expect(await store.copyTo(path.join(other, 'copy.db'))).toBe(true);
    copyFileSync(path.join(other, 'copy.db'), path.join(other, 'outpost.db'));
    const copy = await openTestStore(other);
    const found = await copy.similarInputs({
      pack,
      variant,
      embedding: seedVector(7, size),
      limit: 1,
      least: 0,
    });
    expect(found.inputs[0]?.digest).toBe(seedAnswer(7).digest);
    await copy.close();
    expect(
      await copy.similarInputs({ pack, variant, embedding: seedVector(7, size), limit: 1, least: 0 }),
    ).toEqual({
      compared: 0,
      inputs: [],
    });
  });
});
