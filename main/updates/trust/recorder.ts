import { BaseFetcher } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import type { MetadataSource } from '../sources/source.ts';
import { limitOf, parseDocument } from './document.ts';
import type { Document, Role } from './document.ts';

/** A reason that is known already; the library need not find one. */
export class Refusal extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

type Options = {
  readonly source: MetadataSource;
  readonly signal: AbortSignal;
  /** No newer root is there: the chain has been walked. */
  readonly onNewestRoot: (walked: readonly Document<'root'>[]) => Promise<void>;
};

/**
 * Hands tuf-js what a source has, after reading each file strictly, and remembers it. The library wraps what it throws in
 * text, so the first refusal is kept here.
 */
export class Recorder extends BaseFetcher {
  readonly documents: Document[] = [];
  /** The file that was asked for last and is not there. */
  missing: string | null = null;
  refusal: Fault | null = null;
  readonly #options: Options;

  constructor(options: Options) {
    super();
    this.#options = options;
  }

  override async downloadBytes(url: string): Promise<Buffer> {
    const file = new URL(url).pathname.split('/').at(-1) ?? '';
    const role = roleOf(file);
    const { source, signal } = this.#options;
    const bytes = this.#unwrap(await source.readMetadata(file, { limitBytes: limitOf(role), signal }));
    if (bytes === null) {
      if (role === 'root') await this.#guarded(() => this.#options.onNewestRoot(this.roots()));
      else this.missing = file;
      throw notThere();
    }
    this.documents.push(this.#unwrap(parseDocument(role, { file, bytes })));
    return bytes;
  }

  roots(): readonly Document<'root'>[] {
    return this.documents.filter((each): each is Document<'root'> => each.role === 'root');
  }

  /** The library gets whole files by `downloadBytes`; packs are never fetched through it. */
  override fetch(): Promise<NodeJS.ReadableStream> {
    return Promise.reject(notThere());
  }

  #unwrap<T>(outcome: Outcome<T>): T {
    if (outcome.ok) return outcome.value;
    this.refusal ??= outcome.fault;
    throw new Refusal(outcome.fault);
  }

  async #guarded(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (error instanceof Refusal) this.refusal ??= error.fault;
      throw error;
    }
  }
}

const roleOf = (file: string): Role => /(root|timestamp|snapshot|targets)\.json$/u.exec(file)?.[1] as Role;

/** What the library takes for "the chain of roots ends here". */
const notThere = (): Error => new DownloadHTTPError('not in the feed', 404);
