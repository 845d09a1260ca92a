import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { defaultSettings } from '../../../contract/settings.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { DownloadProgress } from '../../../contract/lifecycle/update.ts';
import { buildBlockmap, encodeBlockmap } from '../../../main/packs/index.ts';
import { createMover, nodeHttpExecutor } from '../../../main/updates/download/index.ts';
import type { Mover, MoveRequest, MoverParts, MoveTarget } from '../../../main/updates/download/index.ts';
import type { DeltaBasis, Fetched } from '../../../main/updates/types.ts';
import { FeedServer } from '../../fixtures/feed-server.ts';
import { newFolder } from '../../temp/folder.ts';

export const mib = 1024 ** 2;
export const packBytes = 20 * mib;

/** A feed with version 1.0.0 and 1.1.0 of a pack of 20 MB, of which one region of 5 % differs, and a place to put it. */
export class MoveBench {
  readonly folder = newFolder('move');
  readonly feed = join(this.folder, 'feed');
  readonly old = randomBytes(packBytes);
  readonly next = changed(this.old);
  readonly to = join(this.folder, 'here', 'pack.outpack');
  readonly basis: DeltaBasis = { file: join(this.folder, 'basis.outpack'), version: '1.0.0' };
  readonly server = new FeedServer(this.feed);
  readonly log: string[] = [];
  readonly #described = new Map<string, Omit<MoveTarget, 'place'>>();
  settings: Settings = defaultSettings;
  isUnmetered = true;

  async open(): Promise<this> {
    mkdirSync(this.feed, { recursive: true });
    for (const [name, bytes] of [
      ['old', this.old],
      ['next', this.next],
    ] as const) {
      const file = join(this.feed, `${name}.outpack`);
      writeFileSync(file, bytes);
      writeFileSync(`${file}.blockmap`, encodeBlockmap(await buildBlockmap(file)));
    }
    writeFileSync(this.basis.file, this.old);
    await this.server.open();
    return this;
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** As on the first day, with a server that behaves. */
  reset(): void {
    rmSync(join(this.folder, 'here'), { recursive: true, force: true });
    writeFileSync(this.basis.file, this.old);
    this.server.behave({});
    this.settings = defaultSettings;
    this.isUnmetered = true;
    this.log.length = 0;
  }

  mover(parts: Partial<MoverParts> = {}): Mover {
    return createMover({
      httpExecutor: nodeHttpExecutor(),
      settings: async () => this.settings,
      isUnmetered: () => this.isUnmetered,
      log: (level, text) => void this.log.push(`${level}: ${text}`),
      now: () => new Date(),
      stallMs: 600,
      ...parts,
    });
  }

  /** A file of the feed as verified metadata would describe it, by address. */
  target(name: string): MoveTarget {
    const place = { kind: 'url', url: new URL(name, this.server.address) } as const;
    const described = this.#described.get(name) ?? describe(name, readFileSync(join(this.feed, name)));
    this.#described.set(name, described);
    return { ...described, place };
  }

  request(given: Partial<MoveRequest> = {}): MoveRequest {
    return {
      feed: this.server.address,
      model: 'demo',
      version: '1.1.0',
      target: this.target('next.outpack'),
      blockmap: this.target('next.outpack.blockmap'),
      oldBlockmap: null,
      basis: null,
      to: this.to,
      byHand: true,
      onProgress: () => undefined,
      signal: new AbortController().signal,
      ...given,
    };
  }

  fetch(given: Partial<MoveRequest> = {}, parts: Partial<MoverParts> = {}): Promise<Outcome<Fetched>> {
    return this.mover(parts).fetch(this.request(given));
  }

  get isWhole(): boolean {
    return existsSync(this.to) && readFileSync(this.to).equals(this.next);
  }
  get partialSize(): number {
    return statSync(`${this.to}.partial`, { throwIfNoEntry: false })?.size ?? 0;
  }
}

export const codeOf = (outcome: Outcome<unknown>): string | null => (outcome.ok ? null : outcome.fault.code);
export const wayOf = (outcome: Outcome<Fetched>): string =>
  outcome.ok ? outcome.value.way : outcome.fault.message;

/** Stops a fetch once so much has come. */
export function stopAt(bytes: number): {
  signal: AbortSignal;
  onProgress: (progress: DownloadProgress) => void;
} {
  const stop = new AbortController();
  return {
    signal: stop.signal,
    onProgress: ({ transferred }) => {
      if (transferred >= bytes) stop.abort();
    },
  };
}

const describe = (name: string, bytes: Buffer): Omit<MoveTarget, 'place'> => ({
  name,
  size: bytes.byteLength,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  sha512: createHash('sha512').update(bytes).digest('hex'),
});

/** One region of 5 % of the bytes, somewhere in the middle. */
function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  randomBytes(packBytes / 20).copy(copy, 7 * mib + 1234);
  return copy;
}
