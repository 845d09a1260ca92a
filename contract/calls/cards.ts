import { z } from 'zod';
import { call } from './call.ts';
import { CardCopy, SeenCard } from '../runs/camera-card.ts';
import { FileRef, ModelRef } from '../ids.ts';
import { RunState } from '../runs/run.ts';

const byCopy = z.strictObject({ copy: z.string().max(40) });

/** Camera cards: which are plugged in, and their copies since the window opened. */
export const cardCalls = {
  'cards.list': call({ in: z.void(), out: z.array(SeenCard), clients: ['window'] }),
  /** Asks for a folder that is to be taken for a card; null when none was chosen. */
  'cards.choose': call({ in: z.void(), out: SeenCard.nullable(), clients: ['window'] }),
  /** Where copies go, for display only, and names of earlier sites, newest first. */
  'cards.target': call({
    in: z.void(),
    out: z.strictObject({ folder: z.string(), sites: z.array(z.string()) }),
    clients: ['window'],
  }),
  /** Asks for another folder; null when none was chosen. */
  'cards.chooseTarget': call({
    in: z.void(),
    out: z.strictObject({ folder: z.string() }).nullable(),
    clients: ['window'],
  }),
  /** Copies a card into a folder of its own, or goes on with a copy of it that was begun for this site. */
  'cards.copy': call({
    in: z.strictObject({ card: FileRef, site: z.string().max(200).nullable() }),
    out: CardCopy,
    clients: ['window'],
  }),
  /** Newest first. */
  'cards.copies': call({ in: z.void(), out: z.array(CardCopy), clients: ['window'] }),
  /** What is copied stays. */
  'cards.stop': call({ in: byCopy, out: z.void(), clients: ['window'] }),
  /** Goes on with a copy that was stopped or failed. */
  'cards.resume': call({ in: byCopy, out: CardCopy, clients: ['window'] }),
  /** Takes a copy that is over off the list; its files stay. */
  'cards.forget': call({ in: byCopy, out: z.void(), clients: ['window'] }),
  'cards.reveal': call({
    in: z.strictObject({ ...byCopy.shape, what: z.enum(['copy', 'receipt']) }),
    out: z.void(),
    clients: ['window'],
  }),
  /** Starts a run over the copy, named after its site; the run's photos are of that site. */
  'cards.answer': call({
    in: z.strictObject({ ...byCopy.shape, model: ModelRef, thorough: z.boolean().optional() }),
    out: RunState,
    clients: ['window'],
  }),
} as const;
