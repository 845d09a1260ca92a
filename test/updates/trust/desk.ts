import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { HttpExecutor } from 'builder-util-runtime';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Settings } from '../../../contract/settings.ts';
import { defaultSettings } from '../../../contract/settings.ts';
import type { CheckReport, UpdateSource } from '../../../contract/lifecycle/update.ts';
import type {
  CheckRequest,
  OnHere,
  RatchetKeeper,
  Updates,
  UpdatesPorts,
} from '../../../main/updates/types.ts';
import { openUpdates } from '../../../main/updates/index.ts';
import { bundle, FeedBuilder } from '../../fixtures/feed-builder.ts';
import { newFolder } from '../../temp/folder.ts';

export const noon = new Date('2026-11-20T12:00:00Z');
export const kinds = ['folder', 'bundle', 'http'] as const;

export class NodeExecutor extends HttpExecutor<ReturnType<typeof httpRequest>> {
  override createRequest(
    options: Parameters<typeof httpRequest>[1],
    callback: (response: unknown) => void,
  ): ReturnType<typeof httpRequest> {
    return httpRequest(options as object, callback);
  }
}

/** Two copies of the ratchets, as in the store and beside the packs, each of which can be lost. */
export class Copies implements RatchetKeeper {
  one: Record<string, number> = {};
  other: Record<string, number> = {};
  async read(): Promise<Readonly<Record<string, number>>> {
    const both = { ...this.one };
    for (const [name, value] of Object.entries(this.other)) both[name] = Math.max(both[name] ?? value, value);
    return both;
  }
  async raise(values: Readonly<Record<string, number>>): Promise<Outcome<void>> {
    for (const copy of [this.one, this.other])
      for (const [name, value] of Object.entries(values)) copy[name] = Math.max(copy[name] ?? value, value);
    return ok(undefined);
  }
}

export const nothingHere: OnHere = { appVersion: '0.4.0', deviceId: 'device-1', installed: [], denied: [] };

/** One publisher, one computer, and the ways between them. */
export class Desk {
  readonly folder: string;
  readonly feed: FeedBuilder;
  readonly copies = new Copies();
  ratchets: RatchetKeeper = this.copies;
  readonly log: string[] = [];
  settings: Settings = defaultSettings;
  now = noon;
  #servers: Server[] = [];
  #firstRoots: string[] = [];

  private constructor(folder: string, feed = join(folder, 'feed')) {
    this.folder = folder;
    this.feed = new FeedBuilder(feed, { now: noon });
  }

  static async open(): Promise<Desk> {
    return new Desk(newFolder('trust'));
  }

  /** A computer beside a feed that a publisher made as publishers do. */
  static async beside(feed: string, now: Date): Promise<Desk> {
    const desk = new Desk(newFolder('trust'), feed);
    desk.now = now;
    desk.#firstRoots = [await readFile(join(feed, 'metadata/1.root.json'), 'utf8')];
    return desk;
  }

  /** From here on the publisher's first root is compiled in. */
  trustFirstRoot(): void {
    this.#firstRoots = [this.feed.firstRoot];
  }

  get trustFolder(): string {
    return join(this.folder, 'trust');
  }

  updates(): Promise<Updates> {
    const ports: UpdatesPorts = {
      trustFolder: this.trustFolder,
      firstRoots: this.#firstRoots,
      ratchets: this.ratchets,
      settings: async () => this.settings,
      now: () => this.now,
      log: (_level, text) => void this.log.push(text),
      httpExecutor: new NodeExecutor(),
      isUnmetered: () => true,
    };
    return openUpdates(ports);
  }

  /** The feed folder as this kind of source, made anew. */
  async source(kind: UpdateSource['kind']): Promise<UpdateSource> {
    if (kind === 'folder') return { kind, path: this.feed.folder };
    if (kind === 'http') return { kind, address: await this.serve() };
    const path = join(this.folder, 'feed.outpost');
    await bundle(this.feed.folder, path);
    return { kind, path };
  }

  async serve(): Promise<string> {
    const server = createServer((request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://feed').pathname);
      readFile(join(this.feed.folder, path.replace(/^\/models\//u, ''))).then(
        (bytes) => {
          const [, from, to] = /^bytes=(\d+)-(\d+)$/u.exec(request.headers.range ?? '') ?? [];
          if (from === undefined || to === undefined) return response.end(bytes);
          const range = `bytes ${from}-${to}/${bytes.byteLength}`;
          return response
            .writeHead(206, { 'content-range': range })
            .end(bytes.subarray(Number(from), Number(to) + 1));
        },
        () => response.writeHead(404).end('no such file'),
      );
    });
    return `${await this.listen(server)}/models`;
  }

  async listen(server: Server): Promise<string> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A check in a process of its own, as far as what it remembers goes. */
  async check(
    kind: UpdateSource['kind'] = 'folder',
    { here = nothingHere, consentExpired = false, part }: Partial<Omit<CheckRequest, 'source'>> = {},
  ): Promise<Outcome<CheckReport>> {
    const updates = await this.updates();
    const outcome = await updates.check(
      { source: await this.source(kind), here, consentExpired, ...(part && { part }) },
      { signal: new AbortController().signal },
    );
    await updates.close();
    return outcome;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      server.close();
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The code of a refusal, or what came instead. */
export const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'sound' : outcome.fault.code);
