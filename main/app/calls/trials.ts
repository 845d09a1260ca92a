import { basename } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function trialCalls({ opened, files }: CallParts) {
  const lifecycle = async () => (await opened()).lifecycle;
  return {
    'trial.items': async (query) => {
      const { items, total } = await (await lifecycle()).trialItems(query);
      const shown = items.map(({ path, name, label, verdict, from, to }) => ({
        ref: files.refOf(path),
        name: name || basename(path),
        label,
        verdict,
        from,
        to,
      }));
      return ok({ items: shown, total });
    },
    'trial.compare': async ({ over, ...versions }) => {
      if ('run' in over) {
        const inputs = (await opened()).engine.runs.paths(over.run);
        return (await lifecycle()).compare({ ...versions, inputs });
      }
      const chosen = files.chosen(over.selection);
      return chosen.ok ? (await lifecycle()).compare({ ...versions, inputs: chosen.value.paths }) : chosen;
    },
    'answers.confirm': async ({ ref, digest, model, label }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const confirmation = { digest, model, path: path.value, at: new Date().toISOString() };
      if (label === null) await (await lifecycle()).unconfirm(digest, model);
      else await (await lifecycle()).confirm({ ...confirmation, labelId: label.id, label: label.name });
      return ok(undefined);
    },
    'answers.confirmed': async ({ digest, model }) => {
      const known = await (await lifecycle()).confirmed(digest, model);
      return ok(known && { id: known.labelId, name: known.label });
    },
  } satisfies Partial<Handlers>;
}
