import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Interrupt = {
  readonly signal: AbortSignal;
  readonly wasInterrupted: () => boolean;
  stop(): void;
  close(): void;
};

/** Work that Ctrl-C ends: what it had reached stays for the next time. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = catchInterrupt();
  try {
    return await work(interrupt.signal);
  } finally {
    interrupt.close();
  }
}

/** Ctrl-C asks to stop and keep what is done; a second one ends the process at once. */
export function catchInterrupt(): Interrupt {
  const controller = new AbortController();
  let asked = false;
  const onSignal = (name: NodeJS.Signals): void => {
    if (asked) process.exit(name === 'SIGINT' ? 130 : 128 + constants.signals[name]);
    asked = true;
    controller.abort();
  };
  for (const name of signals) process.on(name, onSignal);
  return {
    signal: controller.signal,
    wasInterrupted: () => asked,
    stop: () => controller.abort(),
    close: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}
