/** Signals of a server; on Windows only the first two exist. */
type ServeSignals = {
  /** Resolves with the first request to end: `drain` finishes what is under way, `quick` does not wait. */
  readonly end: Promise<'drain' | 'quick'>;
  close(): void;
};

/** SIGTERM drains, SIGINT and SIGQUIT are quick, SIGHUP reloads, SIGTTIN and SIGTTOU resize: gunicorn's own words. */
export function catchServeSignals(on: {
  readonly reload: () => void;
  readonly resize: (by: 1 | -1) => void;
}): ServeSignals {
  let end: (how: 'drain' | 'quick') => void = () => {};
  const ended = new Promise<'drain' | 'quick'>((resolve) => (end = resolve));
  let isEnding = false;
  const endBy =
    (how: 'drain' | 'quick'): (() => void) =>
    () => {
      // A second signal exits at once.
      if (isEnding) process.exit(how === 'quick' ? 130 : 143);
      isEnding = true;
      end(how);
    };
  const handlers: Partial<Record<NodeJS.Signals, () => void>> = {
    SIGTERM: endBy('drain'),
    SIGINT: endBy('quick'),
    ...(process.platform !== 'win32' && {
      SIGQUIT: endBy('quick'),
      SIGHUP: on.reload,
      SIGTTIN: () => on.resize(1),
      SIGTTOU: () => on.resize(-1),
    }),
  };
  const names = Object.keys(handlers) as NodeJS.Signals[];
  for (const name of names) process.on(name, handlers[name]!);
  return {
    end: ended,
    close: () => {
      for (const name of names) process.off(name, handlers[name]!);
    },
  };
}
