import type { SelectedFile } from '../../contract/calls/calls.ts';
import { ask } from '../bridge.ts';
import { askedPhotos, rounds, tryPage } from '../state/try-page.ts';
import type { EntryState, PhotosPage } from '../state/try-page.ts';

/** Concurrency 2: one decodes while another runs, and a click still comes next. */
const atOnce = 2;

/** Answers a few photos, the current one first. A new round cancels what the last one still waits for. */
export function answerPhotos(
  files: readonly SelectedFile[],
  { model, thorough }: Pick<PhotosPage, 'model' | 'thorough'>,
  first = 0,
): void {
  const round = nextRound();
  giveUp();
  tryPage.set({
    kind: 'photos',
    round,
    model,
    thorough,
    current: first,
    entries: files.map((file) => ({ file, answer: { kind: 'waiting' } })),
  });
  work(round, new Set());
}

/** Shows photos again that were cleared; what was not answered then is asked for now. */
export function showPhotosAgain(before: PhotosPage): void {
  const round = nextRound();
  tryPage.set({ ...before, round });
  const answered = [...before.entries.keys()].filter((at) => before.entries[at]?.answer.kind !== 'waiting');
  work(round, new Set(answered));
}

function work(round: number, begun: Set<number>): void {
  for (let worker = 0; worker < atOnce; worker += 1) void answerNext(round, begun);
}

/** Asks once more for a photo that could not be read. */
export async function answerAgain(index: number): Promise<void> {
  const now = tryPage.get();
  if (now.kind !== 'photos') return;
  put(now.round, index, { kind: 'waiting' });
  await answerOne(now, index);
}

async function answerNext(round: number, begun: Set<number>): Promise<void> {
  for (;;) {
    const now = tryPage.get();
    if (now.kind !== 'photos' || now.round !== round) return;
    const order = [now.current, ...now.entries.keys()];
    const index = order.find((at) => !begun.has(at));
    if (index === undefined) return;
    begun.add(index);
    await answerOne(now, index);
  }
}

async function answerOne({ round, model, thorough, entries }: PhotosPage, index: number): Promise<void> {
  const entry = entries[index];
  if (!entry) return;
  const request = crypto.randomUUID();
  askedPhotos.set((asked) => [...asked, request]);
  const outcome = await ask('predict.one', {
    ref: entry.file.ref,
    model,
    request,
    ...(thorough && { thorough }),
  });
  askedPhotos.set((asked) => asked.filter((one) => one !== request));
  put(
    round,
    index,
    outcome.ok ? { kind: 'answered', record: outcome.value } : { kind: 'fault', fault: outcome.fault },
  );
}

function put(round: number, index: number, answer: EntryState): void {
  tryPage.set((now) => {
    if (now.kind !== 'photos' || now.round !== round) return now;
    return { ...now, entries: now.entries.map((entry, at) => (at === index ? { ...entry, answer } : entry)) };
  });
}

/** Cancels in-flight requests whose results are no longer shown. */
export function giveUp(): void {
  for (const request of askedPhotos.get()) void ask('predict.cancel', { request });
  askedPhotos.set([]);
}

function nextRound(): number {
  rounds.set((before) => before + 1);
  return rounds.get();
}
