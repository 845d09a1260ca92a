import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type Interrupt = {
  readonly signal: AbortSignal;
  readonly wasInterrupted: () => boolean;
  stop(): void;
  close(): void;
};

/** Runs work that Ctrl-C aborts; its progress is kept and resumed the next time. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = catchInterrupt();
  try {
    return await work(interrupt.signal);
  } finally {
    interrupt.close();
  }
}

/** First Ctrl-C: graceful stop; second: exit at once. */
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
