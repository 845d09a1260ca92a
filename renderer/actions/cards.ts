import type { CardCopy, SeenCard } from '../../contract/runs/camera-card.ts';
import { plannedCard } from '../state/cards.ts';
import { client } from '../state/client.ts';
import { perform } from './perform.ts';
import { showRun } from './runs.ts';
import { currentRequest } from './try-selection.ts';

const askAgain = (): Promise<void> => client.invalidateQueries({ queryKey: ['cards'] });

/** Asks where the card's camera stood. */
export const planCard = (card: SeenCard): void => plannedCard.set({ card, site: null });
export const nameSite = (site: string): void => plannedCard.set((now) => now && { ...now, site });
export const leaveCard = (): void => plannedCard.set(null);

/** For a card that is not recognised, as one that lies in a folder of the network. */
export async function chooseCard(): Promise<void> {
  const card = await perform('cards.choose', undefined);
  if (card) planCard(card);
}

export async function chooseCardTarget(): Promise<void> {
  if (await perform('cards.chooseTarget', undefined)) await askAgain();
}

export async function copyCard({ ref }: SeenCard, site: string): Promise<void> {
  const copy = await perform('cards.copy', { card: ref, site: site.trim() || null });
  if (!copy) return;
  client.setQueryData<readonly CardCopy[]>(['cards', 'copies'], (before = []) => [
    copy,
    ...before.filter(({ id }) => id !== copy.id),
  ]);
  plannedCard.set(null);
  await askAgain();
}

const change =
  (call: 'cards.stop' | 'cards.resume' | 'cards.forget') =>
  async (copy: string): Promise<void> => {
    await perform(call, { copy });
    await askAgain();
  };
export const stopCopy = change('cards.stop');
export const goOnWithCopy = change('cards.resume');
export const forgetCopy = change('cards.forget');
export const revealCopy = (copy: string, what: 'copy' | 'receipt'): Promise<unknown> =>
  perform('cards.reveal', { copy, what });

/** Starts a run over a copy, asked as Try asks now, and shows it. */
export async function answerCopy(copy: string): Promise<void> {
  const asked = await currentRequest();
  if (asked === null) return;
  const { model, thorough } = asked;
  const run = await perform('cards.answer', { copy, model, ...(thorough && { thorough }) });
  if (!run) return;
  await client.invalidateQueries({ queryKey: ['runs'] });
  await askAgain();
  showRun(run);
}
