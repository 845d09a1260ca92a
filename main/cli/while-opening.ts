import type { Terminal } from './terminal.ts';

const slowMs = 3_000;

/** Tells a person at a terminal why nothing happens yet, when a store takes long to open. */
export async function whileOpening<T>(
  terminal: Pick<Terminal, 'note' | 'isErrorTerminal'>,
  opening: Promise<T>,
  afterMs = slowMs,
): Promise<T> {
  if (!terminal.isErrorTerminal) return opening;
  const timer = setTimeout(() => {
    terminal.note(
      'Opening what is stored. After an update of Outpost or an unclean end this can take a minute; nothing is lost.',
    );
  }, afterMs);
  return opening.finally(() => clearTimeout(timer));
}
