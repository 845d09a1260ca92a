import { Hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createRunners } from '../../../main/worker/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing, startCore } from '../server/fixture.ts';
import type { CoreServer, TestServing } from '../server/fixture.ts';

const photoOf = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(path.join(root, 'test', 'fixtures', 'photos', name)));
/** Larger than what is hashed on the thread that asks for it. */
const photo = photoOf('astronaut.png');

let serving: TestServing;
let core: CoreServer;
beforeAll(async () => {
  // All of it in this process, where every digest is seen.
  const inProcess = { openRunner: createRunners(), onLate: () => undefined };
  serving = await openTestServing({ engine: { inProcess } });
  core = await startCore(serving);
  // The files of the model are digested when it is loaded.
  await predict(photoOf('rocket.jpg'));
}, 60_000);
afterAll(async () => {
  await core.close();
  await serving.close();
});

async function predict(body: BodyInit): Promise<void> {
  const answer = await fetch(`${core.url}/predict?model=efficientnet-lite0`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  await answer.text();
}

test('an uploaded photo is digested once, on its way in, whether its answer is stored or not', async () => {
  let bytes = 0;
  const { update } = Hash.prototype;
  const here = vi.spyOn(Hash.prototype, 'update').mockImplementation(function (this: Hash, data) {
    // Now: a piece of a body has no bytes any more when it was copied.
    bytes += Buffer.byteLength(data);
    return Reflect.apply(update, this, [data]);
  });
  const { subtle } = globalThis.crypto;
  const digest = subtle.digest.bind(subtle);
  const aside = vi.spyOn(subtle, 'digest').mockImplementation((algorithm, data) => {
    bytes += data.byteLength;
    return digest(algorithm, data);
  });
  /** How many times the photo; keys of answers and digests of their settings are small. */
  const digests = async (): Promise<number> => {
    bytes = 0;
    await predict(photo);
    expect(bytes).toBeGreaterThanOrEqual(photo.byteLength);
    return Math.round(bytes / photo.byteLength);
  };
  try {
    expect(await digests()).toBe(1);
    expect(await digests()).toBe(1);
  } finally {
    here.mockRestore();
    aside.mockRestore();
  }
});
