import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Outcome } from '../../../contract/faults.ts';
import type { InferMessage } from '../oip/message.ts';
import { readInferJson } from '../oip/read-json.ts';
import type { JsonRules } from '../oip/read-json.ts';

/** Texts larger than this are read on another thread: the event loop would stand still for the others meanwhile. */
const largeBytes = 256 * 1024;
const mostThreads = 2;
const idleMs = 30_000;

type Job = {
  readonly text: Buffer;
  readonly rules: JsonRules;
  settle(outcome: Outcome<InferMessage>): void;
};
export type JsonReader = {
  read(text: Buffer, rules: JsonRules): Outcome<InferMessage> | Promise<Outcome<InferMessage>>;
  close(): Promise<void>;
};

/** Reads inference requests: small ones at once, large ones on threads that end when they have had nothing to do for a while. */
export function openJsonReader(file = threadFile()): JsonReader {
  if (file === null) tellOnce();
  const idle: Seat[] = [];
  const seats = new Set<Seat>();
  const waiting: Job[] = [];
  const next = (): void => {
    const job = waiting.shift();
    if (!job) return;
    const seat = idle.pop() ?? (seats.size < mostThreads ? open() : null);
    if (!seat) return void waiting.unshift(job);
    seat.run(job);
  };
  const open = (): Seat => {
    const seat = new Seat(file!, {
      onFree: () => {
        idle.push(seat);
        next();
      },
      onEnd: () => {
        seats.delete(seat);
        const at = idle.indexOf(seat);
        if (at >= 0) idle.splice(at, 1);
        next();
      },
    });
    seats.add(seat);
    return seat;
  };
  return {
    read: (text, rules) => {
      if (file === null || text.byteLength < largeBytes) return readInferJson(text, rules);
      return new Promise((settle) => {
        waiting.push({ text, rules, settle });
        next();
      });
    },
    close: async () => {
      await Promise.all([...seats].map((seat) => seat.end()));
    },
  };
}

class Seat {
  readonly #worker: Worker;
  readonly #onFree: () => void;
  #job: Job | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(file: string, { onFree, onEnd }: { onFree: () => void; onEnd: () => void }) {
    // What the program itself was started with is not for a file.
    this.#worker = new Worker(file, { execArgv: [] });
    this.#onFree = onFree;
    this.#worker.unref();
    this.#worker.on('message', (outcome: Outcome<InferMessage>) => {
      const job = this.#job;
      this.#job = null;
      this.#timer = setTimeout(() => void this.end(), idleMs).unref();
      job?.settle(outcome);
      this.#onFree();
    });
    const gone = (): void => {
      const job = this.#job;
      this.#job = null;
      // What ended the thread is not tried again on the loop that everybody shares.
      job?.settle({
        ok: false,
        fault: {
          code: 'internal',
          message: 'A fault in Outpost itself: the thread that reads JSON ended.',
          hint: 'Send the request again; smaller, if it happens twice.',
          params: {},
        },
      });
      onEnd();
    };
    this.#worker.on('error', () => undefined);
    this.#worker.on('exit', gone);
  }

  run(job: Job): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#job = job;
    const { text, rules } = job;
    // The bytes move over where they have memory of their own; the body is not needed here any more.
    const isOwn = text.byteLength === text.buffer.byteLength;
    this.#worker.postMessage({ text, rules }, isOwn ? [text.buffer as ArrayBuffer] : []);
  }

  async end(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#worker.terminate();
  }
}

let isTold = false;
function tellOnce(): void {
  if (isTold) return;
  isTold = true;
  process.emitWarning('json.js is missing: large JSON is read on the thread that everybody shares');
}

/** Beside this module, or beside the folder of chunks that it was bundled into; null where nothing was built. */
function threadFile(): string | null {
  const here = dirname(fileURLToPath(import.meta.url));
  return [here, dirname(here)].map((folder) => join(folder, 'json.js')).find(existsSync) ?? null;
}
