import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { ToWorker } from '../../../contract/wire.ts';
import { inputOf } from '../../engine/index.ts';
import type { OpenRunner } from '../../engine/index.ts';
import type { Guarded, JournalLine } from '../messages.ts';

type CrashGuard = {
  /** Wraps the runners: refuses and journals as the state says. */
  watch(open: OpenRunner): OpenRunner;
  become(next: Guarded): void;
};
type Asking = Extract<ToWorker, { kind: 'load' | 'run' | 'infer' }>;
type Entry = { readonly model: string; readonly input: string | null };
type Waiting = { readonly hand: () => void; readonly entry: Entry | null };

/**
 * Refuses inputs and models that crashed workers before. A crashed process cannot report its cause, so work is journaled
 * ahead: loads always, runs while `isWatching`, for a while after a crash. Journaled work runs one at a time, so that a crash
 * has one cause. Without crashes a run has no overhead here.
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
        handle: (frame, client) => {
          const { message, blobs } = frame;
          const pass = (): void => runner.handle(frame, client);
          // Unloading and draining come after the work that is waiting for the model.
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
        // Work to be journaled must come as a message: null makes the caller send one.
        run: (tensors) => (now.isWatching || now.setAside.length > 0 ? null : runner.run(tensors)),
      };
    },
  };
}
