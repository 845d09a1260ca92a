import { useQuery } from '@tanstack/react-query';
import { isCopyLive } from '../../contract/runs/camera-card.ts';
import type { CardCopy, SeenCard } from '../../contract/runs/camera-card.ts';
import { cell } from './cell.ts';
import { valueOf } from './client.ts';

/** A card before it is copied; `site` is null until the person has said where its camera stood. */
export type PlannedCard = { readonly card: SeenCard; readonly site: string | null };
/** The card whose copy is being put together in the pane of Runs; null: a new run is. */
export const plannedCard = cell<PlannedCard | null>(null);

export const useCards = () =>
  useQuery({ queryKey: ['cards', 'list'], queryFn: () => valueOf('cards.list', undefined) });
export const useCardCopies = () =>
  useQuery({ queryKey: ['cards', 'copies'], queryFn: () => valueOf('cards.copies', undefined) });
export const useCardTarget = () =>
  useQuery({ queryKey: ['cards', 'target'], queryFn: () => valueOf('cards.target', undefined) });

/** Copies that are under way or waited for. */
export const useLiveCopies = (): readonly CardCopy[] => (useCardCopies().data ?? []).filter(isCopyLive);

/** Cards that are not being copied. */
export const useIdleCards = (): readonly SeenCard[] =>
  (useCards().data ?? []).filter(({ copy }) => copy === null);

/** What was said, else what a copy says that was begun and never ended: then that one is gone on with. */
export const siteOf = ({ card, site }: PlannedCard): string => site ?? card.begun?.site ?? '';
