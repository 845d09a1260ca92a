import { BaseFetcher } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { MetadataSource } from '../sources/source.ts';
import { limitOf, parseDocument } from './document.ts';
import type { Document, Role } from './document.ts';

/** Thrown with a known reason, so that the library's own need not be interpreted. */
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
  /** Called when there is no newer root: the chain is complete. */
  readonly onNewestRoot: (walked: readonly Document<'root'>[]) => Promise<void>;
};

/**
 * Feeds tuf-js with files of a source after parsing each strictly, and records them. The library wraps errors into
 * text, so the first refusal is kept here.
 */
export class Recorder extends BaseFetcher {
  readonly documents: Document[] = [];
  /** The last file requested that does not exist. */
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

  /** The library reads whole files by `downloadBytes`; packs are never downloaded through it. */
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

/** The error that the library takes as the end of the chain of roots. */
const notThere = (): Error => new DownloadHTTPError('not in the feed', 404);
