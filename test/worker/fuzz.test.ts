import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, expect, it } from 'vitest';
import { builtEntry } from '../fixtures/built.ts';
import type { DecodeAnswer, DecodeQuestion, Verdict } from '../fixtures/decode-process.ts';
import { mutate, mutations, randomNumbers } from '../fixtures/mutations.ts';
import { bmpBytes } from '../fixtures/picture-bytes.ts';
import { inLong } from '../long.ts';

/** Damaged copies of each picture in one round of all mutations; `OUTPOST_FUZZ_ROUNDS=500` for a night. */
const rounds = Number(process.env['OUTPOST_FUZZ_ROUNDS'] ?? inLong(40, 1));
const hangMs = 20_000;
const entry = await builtEntry('decode');
const children = new Set<ChildProcess>();
afterAll(async () => {
  const alive = [...children].filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
  const ends = alive.map((child) => once(child, 'exit'));
  for (const child of alive) child.kill('SIGKILL');
  await Promise.all(ends);
});

type Replied = readonly Verdict[] | 'crashed' | 'hung';

/** One decoder in a process of its own; after a crash or a hang the next question starts another. */
class Victim {
  readonly #name: string;
  #child: Promise<ChildProcess> | null = null;
  #next = 0;
  constructor(name: string) {
    this.#name = name;
  }
  async ask(bytes: Uint8Array): Promise<Replied> {
    const child = await (this.#child ??= this.#start());
    const id = this.#next++;
    const output = await new Promise<Replied>((resolve) => {
      const timer = setTimeout(() => resolve('hung'), hangMs);
      const done = (value: Replied): void => {
        clearTimeout(timer);
        child.off('message', received);
        child.off('exit', died);
        resolve(value);
      };
      const received = (answer: DecodeAnswer): void => (answer.id === id ? done(answer.verdicts) : undefined);
      const died = (): void => done('crashed');
      child.on('message', received);
      child.on('exit', died);
      child.send({ id, bytes } satisfies DecodeQuestion);
    });
    if (typeof output === 'string') {
      this.#child = null;
      child.kill('SIGKILL');
    }
    return output;
  }
  async #start(): Promise<ChildProcess> {
    const child = fork(entry, [this.#name], { serialization: 'advanced', stdio: 'ignore' });
    children.add(child);
    await once(child, 'message');
    return child;
  }
}

const photo = sharp(
  readFileSync(path.join(import.meta.dirname, '..', 'fixtures', 'photos', 'coffee.png')),
).resize(60, 45);
const clear = photo.clone().ensureAlpha(0.5);
const pictures: Readonly<Record<string, Buffer>> = {
  jpeg: await photo.clone().jpeg().toBuffer(),
  progressive: await photo.clone().jpeg({ progressive: true }).toBuffer(),
  png: await photo.clone().png().toBuffer(),
  palette: await photo.clone().png({ palette: true }).toBuffer(),
  interlaced: await clear.clone().png({ progressive: true }).toBuffer(),
  deep: await clear.clone().toColourspace('rgb16').png().toBuffer(),
  webp: await photo.clone().webp().toBuffer(),
  lossless: await clear.clone().webp({ lossless: true }).toBuffer(),
  tiff: await photo.clone().tiff({ compression: 'none' }).toBuffer(),
  lzw: await photo.clone().tiff({ compression: 'lzw' }).toBuffer(),
  deflate: await clear.clone().tiff({ compression: 'deflate', tile: true }).toBuffer(),
  'tiff of JPEGs': await photo
    .clone()
    .tiff({ compression: 'jpeg', tile: true, tileWidth: 32, tileHeight: 32 })
    .toBuffer(),
  gif: await photo.clone().gif().toBuffer(),
  avif: await photo.clone().avif({ effort: 0 }).toBuffer(),
  bmp: bmpBytes({ width: 60, height: 45, depth: 24 }, (x, y) => x * 4 + y * 0x500),
};

/** Both decoders for all pictures, as a worker's decoder meets what comes: one that an earlier picture harmed shows too. */
const victims = [new Victim('sharp'), new Victim('wasm-vips')];
const found = { answered: 0, refused: 0 };
/** Pixels of damaged JPEG data are not compared: native and WebAssembly builds clamp values that no camera writes in ways of their own. */
const isLoose = (name: string): boolean => ['jpeg', 'progressive', 'tiff of JPEGs'].includes(name);

function verdictOf(output: Replied, withPixels: boolean): string {
  if (typeof output === 'string') return output;
  return output
    .map((verdict) => ('code' in verdict ? verdict.code : withPixels ? verdict.pixels : 'answered'))
    .join(', ');
}

it.each(Object.keys(pictures))(
  'a damaged %s: no crash, no hang, one verdict from both decoders, and no pixels of its own from a cut',
  { timeout: 60_000 + rounds * 30_000 },
  async (name) => {
    const bytes = pictures[name]!;
    const whole = verdictOf(await victims[0]!.ask(bytes), true);
    const wrong: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of mutations) {
        const seed = round * 100 + mutations.indexOf(kind);
        const random = randomNumbers(seed);
        const others = Object.values(pictures);
        const other = others[Math.floor(random() * others.length)]!;
        const damaged = mutate(bytes, { kind, other }, random);
        const [one, two] = await Promise.all(victims.map((victim) => victim.ask(damaged)));
        const withPixels = kind === 'cut' || !isLoose(name);
        const verdicts = [verdictOf(one!, withPixels), verdictOf(two!, withPixels)] as const;
        const isAnswered = typeof one === 'object' && one.some((verdict) => 'pixels' in verdict);
        found[isAnswered ? 'answered' : 'refused'] += 1;
        if (verdicts[0] !== verdicts[1] || typeof one === 'string')
          wrong.push(`${kind} ${seed}: sharp ${JSON.stringify(one)}, wasm-vips ${JSON.stringify(two)}`);
        // Rows that a cut took are never made up.
        else if (kind === 'cut' && isAnswered && verdicts[0] !== whole)
          wrong.push(`cut ${seed} was answered with other pixels`);
      }
    }
    expect(wrong).toEqual([]);
  },
);

it('a drill that only ever met refusals would prove little', () => {
  expect(found.answered).toBeGreaterThan(rounds);
  expect(found.refused).toBeGreaterThan(rounds);
});
