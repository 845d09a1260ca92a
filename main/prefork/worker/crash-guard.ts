import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { ToWorker } from '../../../contract/wire.ts';
import { inputOf } from '../../engine/index.ts';
import type { OpenRunner } from '../../engine/index.ts';
import type { Guarded, JournalLine } from '../messages.ts';

export type CrashGuard = {
  /** The same runners, without what is refused. */
  watch(open: OpenRunner): OpenRunner;
  become(next: Guarded): void;
};
type Asking = Extract<ToWorker, { kind: 'load' | 'run' | 'infer' }>;
type Entry = { readonly model: string; readonly input: string | null };
type Waiting = { readonly hand: () => void; readonly entry: Entry | null };

/**
 * Keeps away from the models what ended workers before. A process that crashes cannot say of what, so that is written down
 * ahead: each load always, each run while the arbiter watches, which it does after a crash. What is written down is given to
 * the runners one at a time, so that a crash has one cause. Where nothing crashes, a run costs nothing here.
 */
export function createCrashGuard(first: Guarded, write: (line: JournalLine) => void): CrashGuard {
  let now = first;
  let underWay: Entry | null = null;
  const waiting: Waiting[] = [];

  const next = (): void => {
    while (!underWay) {
      const one = waiting.shift();
      if (!one) return;
      underWay = one.entry;
      if (underWay) write({ kind: 'running', ...underWay });
      one.hand();
    }
  };
  const hand = (one: Waiting): void => {
    waiting.push(one);
    next();
  };
  const ended = (entry: Entry): void => {
    if (underWay !== entry) return;
    underWay = null;
    write({ kind: 'idle' });
    next();
  };
  const refusal = (message: Asking, { model, input }: Entry): Fault | null => {
    const aside = now.setAside.find(([ref]) => ref === model);
    if (aside) return aside[1];
    const reason = now.refused.find(([refused]) => refused === input)?.[1];
    if (reason === undefined) return null;
    return fault('worker-crashed', { file: message.kind === 'infer' ? message.input.name : model, reason });
  };

  return {
    become: (given) => {
      now = given;
    },
    watch: (open) => (send, onDrained, model) => {
      const entries = new Map<number, Entry>();
      const runner = open(
        (message, blobs) => {
          const entry = 'id' in message ? entries.get(message.id) : undefined;
          if (entry && 'id' in message) {
            entries.delete(message.id);
            ended(entry);
          }
          send(message, blobs);
        },
        onDrained,
        model,
      );
      return {
        handle: (frame) => {
          const { message, blobs } = frame;
          const pass = (): void => runner.handle(frame);
          // The end of a model comes behind what waits for it.
          if (message.kind === 'drain' || message.kind === 'unload') return hand({ hand: pass, entry: null });
          const isRun = message.kind === 'run' || message.kind === 'infer';
          if (message.kind !== 'load' && !isRun) return pass();
          if (isRun && !now.isWatching && now.setAside.length === 0) return pass();
          const { id, ...question } = message;
          const entry = { model, input: isRun ? inputOf({ question, blobs } as never) : null };
          const why = refusal(message, entry);
          if (why) return send({ kind: 'failed', id, fault: why });
          entries.set(id, entry);
          hand({ hand: pass, entry });
        },
        // What is written down ahead comes as a message.
        run: (tensors) => (now.isWatching || now.setAside.length > 0 ? null : runner.run(tensors)),
      };
    },
  };
}
