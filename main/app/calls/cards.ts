import { basename, dirname } from 'node:path';
import type { CardCopy, SeenCard } from '../../../contract/runs/camera-card.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { shownName } from '../../lib/file-names.ts';
import { cardName, receiptFiles } from '../../intake/index.ts';
import type { WatchedCard } from '../../intake/index.ts';
import { usualCardFolder } from '../cards.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** Earlier sites that are offered by name. */
const mostSites = 50;

/** Cards as the page sees them: by references, with the folders of copies for display alone. */
export function cardCalls({ opened, cards, chooser, files, fileActions }: CallParts) {
  const seen = (card: WatchedCard): SeenCard => {
    const { place, name, isVolume, content, before, begun } = card;
    const copy = cards.copyOf(card)?.id ?? null;
    return { ref: files.refOf(place), name, isVolume, copy, content, before, begun };
  };
  const cardFolder = async (): Promise<string> =>
    (await opened()).engine.settings.get().then(({ cardFolder: chosen }) => chosen ?? usualCardFolder());
  const copied = async (id: string): Promise<Outcome<Extract<CardCopy, { kind: 'copied' }>>> => {
    const copy = (await cards.copies()).get(id);
    return copy?.kind === 'copied' ? ok(copy) : failed('card-not-found', { folder: id });
  };
  return {
    'cards.list': () => Promise.resolve(ok((cards.watch()?.cards() ?? []).map(seen))),
    'cards.choose': async () => {
      const folder = await chooser.chooseImport('folder');
      if (folder === null) return ok(null);
      await cards.begin();
      const added = await cards.watch()!.add(folder);
      return added.ok ? ok(seen(added.value)) : added;
    },
    'cards.target': async () => {
      const intakes = await (await opened()).store.intakes(1_000);
      const sites = new Set(intakes.map(({ site }) => site).filter((site) => site !== null));
      return ok({ folder: shownName(await cardFolder()), sites: [...sites].slice(0, mostSites) });
    },
    'cards.chooseTarget': async () => {
      const folder = await chooser.chooseImport('folder');
      if (folder === null) return ok(null);
      await (await opened()).engine.settings.set({ cardFolder: folder });
      return ok({ folder: shownName(folder) });
    },
    'cards.copy': async ({ card: ref, site: given }) => {
      const place = files.path(ref);
      if (!place.ok) return place;
      const site = given?.trim() || null;
      const card = cards
        .watch()
        ?.cards()
        .find((one) => one.place === place.value);
      // One that was begun for this site is gone on with where it is, whatever folder is chosen by now.
      const begun = card?.begun?.site === site ? card.target : null;
      const into = begun ? dirname(begun) : await cardFolder();
      const name = card?.name ?? cardName(place.value);
      const volume = card?.volume ?? null;
      return ok((await cards.copies()).start({ card: place.value, volume, into, site, name }));
    },
    'cards.copies': async () => ok(await cards.copies().then((copies) => copies.list())),
    'cards.stop': async ({ copy }) => ok((await cards.copies()).stop(copy)),
    'cards.resume': async ({ copy }) => (await cards.copies()).resume(copy),
    'cards.forget': async ({ copy }) => ok((await cards.copies()).forget(copy)),
    'cards.reveal': async ({ copy: id, what }) => {
      const copy = await copied(id);
      if (!copy.ok) return copy;
      const { copy: folder } = copy.value.receipt;
      return fileActions.reveal(files.refOf(what === 'copy' ? folder : receiptFiles(folder).text));
    },
    'cards.answer': async ({ copy: id, ...how }) => {
      const copy = await copied(id);
      if (!copy.ok) return copy;
      const { engine, store } = await opened();
      const { copy: folder, site } = copy.value.receipt;
      const title = site ?? shownName(basename(folder));
      const run = await engine.runs.start({ title, inputs: [folder], ...how });
      if (!run.ok) return run;
      if (site !== null) await store.setRunFolder(run.value.id, { folder: '', site });
      (await cards.copies()).answered(id, run.value.id);
      return run;
    },
  } satisfies Partial<Handlers>;
}
