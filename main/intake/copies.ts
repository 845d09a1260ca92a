import { basename, resolve } from 'node:path';
import { isCopyLive, stepCopy } from '../../contract/runs/camera-card.ts';
import type { CardCopy, CopyProgress, CopyStep } from '../../contract/runs/camera-card.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { shownName } from '../lib/file-names.ts';
import { createCopyPace } from './copy-pace.ts';
import type { Intake, IntakeEvent, IntakeRequest } from './types.ts';

/** Identifies a card; neither its name nor its mount point is unique. `volume`: the id of its file system. */
export type CardIdentity = { readonly place: string; readonly volume: string | null };
/** `name`: the card's name on the screen. */
type CopyStart = Pick<IntakeRequest, 'card' | 'into' | 'site'> &
  Pick<CardIdentity, 'volume'> & { readonly name: string };

/** The copies of cards since this process began, each in its state of contract/runs/camera-card.ts. */
export type CardCopies = {
  /** Newest first. */
  list(): readonly CardCopy[];
  get(id: string): CardCopy | undefined;
  /** The copy that reads this card or waits for its return. */
  of(card: CardIdentity): CardCopy | undefined;
  /** Returns the running copy if this card is being copied already. */
  start(request: CopyStart): CardCopy;
  stop(id: string): void;
  /** Resumes a stopped or failed copy. */
  resume(id: string): Outcome<CardCopy>;
  /** Removes a finished copy from the list. */
  forget(id: string): void;
  /** Records the run that was started on a copy. */
  answered(id: string, run: string): void;
  /** Stops running copies and waits for their last write. */
  close(): Promise<void>;
};
type CardCopiesParts = {
  readonly intake: Pick<Intake, 'copy'>;
  /** A copy changed its state or was removed. */
  readonly onChange: (copy: CardCopy) => void;
};

type Held = {
  copy: CardCopy;
  /** `card` is its current mount point. */
  request: CopyStart;
  readonly stopping: AbortController;
  over: Promise<void>;
};

export function createCardCopies({ intake, onChange }: CardCopiesParts): CardCopies {
  const held = new Map<string, Held>();
  let made = 0;

  const liveOf = (card: CardIdentity): CardCopy | undefined =>
    [...held.values()].find((entry) => isCopyLive(entry.copy) && isOf(entry, card))?.copy;
  const step = (entry: Held, by: CopyStep): void => {
    entry.copy = stepCopy(entry.copy, by);
    onChange(entry.copy);
  };
  const begin = (request: CopyStart): Held => {
    const id = `c${(made += 1)}`;
    const startedAt = new Date().toISOString();
    const copy: CardCopy = { kind: 'looking', id, card: request.name, site: request.site, startedAt };
    const entry: Held = { copy, request, stopping: new AbortController(), over: Promise.resolve() };
    held.set(id, entry);
    onChange(copy);
    entry.over = work(entry).catch((error: unknown) => {
      step(entry, { kind: 'stop' });
      throw error;
    });
    return entry;
  };
  const work = async (entry: Held): Promise<void> => {
    const { request, stopping } = entry;
    const { signal } = stopping;
    const outcome = await intake.copy(request, { signal, onEvent: follow(entry) });
    if (outcome.ok) step(entry, { kind: 'end', receipt: outcome.value });
    else if (signal.aborted) step(entry, { kind: 'stop' });
    else step(entry, { kind: 'fail', fault: outcome.fault });
  };
  /** Turns the events of a copy into states with progress. */
  const follow = (entry: Held) => {
    const pace = createCopyPace();
    const goOn = (progress: CopyProgress): void => step(entry, { kind: 'went-on', progress });
    return (event: IntakeEvent): void => {
      switch (event.kind) {
        case 'looked':
          return step(entry, { kind: 'looked', progress: pace.begin(event) });
        case 'read':
          return goOn(pace.read(event.bytes));
        case 'passed':
          return goOn(pace.passed(event));
        case 'copied':
          return goOn(pace.copied(event.file, event.flaw));
        case 'gone':
          return step(entry, { kind: 'gone', fault: event.fault });
        case 'back':
          pace.pause();
          entry.request = { ...entry.request, card: event.card };
          return step(entry, { kind: 'back' });
      }
    };
  };
  return {
    list: () => [...held.values()].map(({ copy }) => copy).reverse(),
    get: (id) => held.get(id)?.copy,
    of: liveOf,
    start: (request) => liveOf({ place: request.card, volume: request.volume }) ?? begin(request).copy,
    stop: (id) => held.get(id)?.stopping.abort(),
    resume: (id) => {
      const entry = held.get(id);
      if (!entry || entry.copy.kind === 'copied') return failed('card-not-found', { folder: id });
      if (isCopyLive(entry.copy)) return ok(entry.copy);
      held.delete(id);
      return ok(begin(entry.request).copy);
    },
    forget: (id) => {
      const entry = held.get(id);
      if (!entry || isCopyLive(entry.copy)) return;
      held.delete(id);
      onChange(entry.copy);
    },
    answered: (id, run) => {
      const entry = held.get(id);
      if (entry) step(entry, { kind: 'answer', run });
    },
    close: async () => {
      for (const { stopping } of held.values()) stopping.abort();
      await Promise.allSettled([...held.values()].map(({ over }) => over));
    },
  };
}

/** A pulled card may return at any mount point, and another may take its old one: so only the volume counts then. */
function isOf({ copy, request }: Held, { place, volume }: CardIdentity): boolean {
  if (volume !== request.volume) return false;
  return (volume !== null && copy.kind === 'away') || resolve(place) === resolve(request.card);
}

/** The last part of the path, made safe to show. */
export const cardName = (place: string): string => shownName(basename(place) || place);
