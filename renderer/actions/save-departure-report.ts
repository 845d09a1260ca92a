import type { DepartureTexts } from '../../contract/lifecycle/departure.ts';
import { announce } from '../state/notices.ts';
import { perform } from './perform.ts';

/** Keeps the last departure check as a page to print. */
export async function saveDepartureReport(texts: DepartureTexts): Promise<void> {
  const saved = await perform('depart.save', texts);
  if (saved) announce('export.done', { name: saved.name });
}
