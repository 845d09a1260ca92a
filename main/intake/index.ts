import { listVolumes } from '../lib/volumes/index.ts';
import { copyCard } from './copy-card.ts';
import type { IntakeParts } from './copy-card.ts';
import type { Intake } from './types.ts';

export { cardName, createCardCopies } from './copies.ts';
export type { CardCopies, CardIdentity } from './copies.ts';
export { createCardWatch } from './card-watch.ts';
export type { CardWatch, WatchedCard } from './card-watch.ts';
export { receiptFiles, receiptText } from './receipt.ts';
export type { Card, Intake, IntakeEvent, IntakeOptions, IntakeRequest } from './types.ts';

/** Copies camera cards onto this computer so that they may be formatted, and records each copied file in the store. */
export const createIntake = (parts: IntakeParts): Intake => ({
  cards: async () => {
    const volumes = (await listVolumes()).filter(({ isRemovable }) => isRemovable);
    return Promise.all(
      volumes.map(async (volume) => ({
        volume,
        before: volume.id === null ? [] : await parts.store.intakesOf(volume.id),
      })),
    );
  },
  copy: (request, options) => copyCard(parts, request, options),
});
