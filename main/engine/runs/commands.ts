import type { RunCommand, Store } from '../../store/index.ts';

/** How often a process looks for commands of others. */
const pollMs = 300;

type CommandParts = {
  /** Runs that this process works on. */
  readonly mine: () => readonly string[];
  readonly meet: (run: string, command: RunCommand) => void;
};

/**
 * Commands of other processes for the runs of this one. They share nothing but the store, so a command is a column of it
 * that the owner reads a few times a second while it has runs: a read that costs microseconds, works on every system, needs no
 * socket whose file could be left behind, and is still there when the owner was busy.
 */
export function createCommands(store: Store, { mine, meet }: CommandParts) {
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  const look = async (): Promise<void> => {
    const runs = mine();
    if (isClosed || runs.length === 0) {
      timer = null;
      return;
    }
    for (const { run, command } of await store.runCommands(runs)) {
      await store.takeRunCommand(run);
      meet(run, command);
    }
    timer = setTimeout(() => void look(), pollMs);
  };
  return {
    /** Begins to look; ends by itself when no run is left. */
    watch: (): void => {
      timer ??= setTimeout(() => void look(), pollMs);
    },
    close: (): void => {
      isClosed = true;
      if (timer) clearTimeout(timer);
    },
  };
}
