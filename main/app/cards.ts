import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { app } from 'electron';
import { isCopyLive } from '../../contract/runs/camera-card.ts';
import type { CardCopy } from '../../contract/runs/camera-card.ts';
import { createCardCopies, createCardWatch, createIntake } from '../intake/index.ts';
import type { CardCopies, CardIdentity, CardWatch } from '../intake/index.ts';
import type { OpenedEngine } from '../composition/index.ts';

/** Cards that are plugged in, and their copies, as long as the window is open. */
export type Cards = {
  /** Null until the program has time for it: a card is no reason to answer the first photo later. */
  watch(): CardWatch | null;
  /** Opened when it is first asked for. */
  copies(): Promise<CardCopies>;
  /** The copy that reads this very card, or waits for it. */
  copyOf(card: CardIdentity): CardCopy | undefined;
  /** Copies that are under way. */
  live(): readonly CardCopy[];
  /** Looks for cards from now on. */
  begin(): Promise<void>;
  /** Called at every step of a copy. */
  onCopy(listener: (copy: CardCopy) => void): void;
  /** Copies that are under way are stopped, and gone on with when the card is copied again. */
  close(): Promise<void>;
};
type CardsParts = {
  readonly opened: () => Promise<Pick<OpenedEngine, 'store'>>;
  readonly appVersion: string;
  readonly onChange: () => void;
};

const patienceMs = 3_000;

export function createCards({ opened, appVersion, onChange }: CardsParts): Cards {
  const listeners: ((copy: CardCopy) => void)[] = [];
  let watch: CardWatch | null = null;
  let copies: Promise<CardCopies> | null = null;
  let known: CardCopies | null = null;
  const openCopies = async (): Promise<CardCopies> => {
    const { store } = await opened();
    const intake = createIntake({ store, appVersion, now: () => new Date() });
    known = createCardCopies({
      intake,
      onChange: (copy) => {
        for (const listener of listeners) listener(copy);
        onChange();
        // What is known of a card is another by now.
        if (!isCopyLive(copy)) watch?.refresh();
      },
    });
    return known;
  };
  return {
    watch: () => watch,
    copies: () => (copies ??= openCopies()),
    copyOf: (card) => known?.of(card),
    live: () => known?.list().filter(isCopyLive) ?? [],
    begin: async () => {
      const { store } = await opened();
      watch ??= createCardWatch({ store, onChange });
    },
    onCopy: (listener) => void listeners.push(listener),
    close: async () => {
      watch?.close();
      // A card reader that hangs holds a read for minutes; what is copied is in the store already.
      await Promise.race([known?.close(), sleep(patienceMs, undefined, { ref: false })]);
    },
  };
}

/** Where copies go that a person has chosen no folder for. */
export const usualCardFolder = (): string => join(app.getPath('pictures'), 'Outpost');
