import { ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { Engine } from '../engine/index.ts';
import { Recent } from './recent.ts';

/** Pixels after orientation. */
export type Pixels = { readonly width: number; readonly height: number };

const askedEdge = 96;

/** Cache of picture sizes, filled by thumbnails; a miss reads the header. */
export class PictureSizes {
  readonly #known = new Recent<string, Pixels>(10_000);

  learn(path: string, pixels: Pixels): void {
    this.#known.set(path, pixels);
  }

  async of(path: string, engine: () => Promise<Pick<Engine, 'thumbnail'>>): Promise<Outcome<Pixels>> {
    const known = this.#known.get(path);
    if (known) return ok(known);
    const made = await (await engine()).thumbnail(path, askedEdge);
    if (!made.ok) return made;
    const pixels = { width: made.value.sourceWidth, height: made.value.sourceHeight };
    this.learn(path, pixels);
    return ok(pixels);
  }
}
