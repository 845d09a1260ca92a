import type { Command } from 'commander';
import type { Add, AsJson, Does } from '../command.ts';
import { modelRef } from '../options.ts';
import type { CopyOptions } from './options.ts';

/** `outpost card`: camera cards are copied, and answered from the copy. */
export function addCardCommands(program: Command, add: Add, does: Does): void {
  const card = add(program, 'card', 'Copy camera cards, and learn when one may be formatted.');
  const list = add(
    card,
    'list',
    'Cards, sticks and drives that are plugged in, and whether they were copied before.',
  ).option('--json', 'as JSON');
  does<AsJson>(list, async (session, options) => (await import('./list.ts')).listCards(session, options));

  const copy = add(
    card,
    'copy',
    'Copy a card with a check of every file, then answer the photos of the copy. The card is only read. The same command goes on where it was.',
  )
    .argument(
      '[card]',
      'the folder where it is mounted, or any folder (default: the one card that is plugged in)',
    )
    .option(
      '--into <folder>',
      'the copy gets a folder of its own below this one (default: the setting cardFolder, which the window has too)',
    )
    .option('--place <name>', 'where the camera stood: part of the name of the copy and of its run')
    .option('--all', 'copy also what an earlier copy of this card has')
    .option('--no-run', 'copy only')
    .option(
      '--model <id[@version]>',
      'what answers the photos (default: the active model that takes photos)',
      modelRef,
    )
    .option('--json', 'as JSON Lines also on a terminal');
  does<CopyOptions>(copy, async (session, options, [folder]) =>
    (await import('./copy.ts')).copyCard(session, options, folder),
  );
}
