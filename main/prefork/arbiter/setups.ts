import type { HttpWorkerSetup } from '../messages.ts';

export type ChangeSetup = (now: HttpWorkerSetup) => HttpWorkerSetup;

/**
 * The setup of the workers that start from now on, and which of them have which: each change of all workers is a generation, and one
 * that fails goes back to the setup before it.
 */
export function createSetups<Worker extends object>(first: HttpWorkerSetup) {
  const generations = new WeakMap<Worker, number>();
  let generation = 0;
  let setup = first;
  /** What a generation in progress goes back to when it fails. */
  let former: HttpWorkerSetup | null = null;
  return {
    now: (): HttpWorkerSetup => setup,
    /** The worker starts with the present setup. */
    note: (worker: Worker): void => void generations.set(worker, generation),
    /** A generation goes back to the setup with this change, too. */
    amend: (change: ChangeSetup): void => {
      setup = change(setup);
      former &&= change(former);
    },
    /** Begins a generation; whoever asks `has` gets to know which workers are of it. */
    begin: (change: ChangeSetup) => {
      former = setup;
      setup = change(setup);
      const own = (generation += 1);
      return {
        has: (worker: Worker): boolean => generations.get(worker) === own,
        fail: (): void => {
          setup = former ?? setup;
          generation += 1;
        },
        end: (): void => {
          former = null;
        },
      };
    },
  };
}
