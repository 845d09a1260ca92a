import { expect, test } from 'vitest';
import { whileOpening } from '../../main/cli/while-opening.ts';

const notesOf = async (isErrorTerminal: boolean, opensAfterNote: boolean): Promise<readonly string[]> => {
  const notes: string[] = [];
  let open = (): void => undefined;
  const opening = new Promise<void>((resolve) => (open = resolve));
  const terminal = {
    isErrorTerminal,
    note: (line: string) => {
      notes.push(line);
      open();
    },
  };
  if (!opensAfterNote) open();
  await whileOpening(terminal, opening, 1);
  return notes;
};

test('a person at a terminal is told once that the store takes long to open; a program that reads is not', async () => {
  expect(await notesOf(true, true)).toEqual([expect.stringContaining('Opening what is stored.')]);
  expect(await notesOf(true, false)).toEqual([]);
  expect(await notesOf(false, false)).toEqual([]);
});
