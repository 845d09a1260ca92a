import type { CommonOptions } from './options.ts';
import type { Places } from './places.ts';
import type { Terminal } from './terminal.ts';

/** What a command is given besides its own options. */
export type Session = {
  readonly places: Places;
  readonly terminal: Terminal;
  readonly common: CommonOptions;
};
