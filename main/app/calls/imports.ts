import { ok } from '../../../contract/faults/faults.ts';
import { sourceOf } from '../../lifecycle/index.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** An expired feed may be inspected: its dates are shown, and installing asks for consent. */
const shown = { consentExpired: true };

/**
 * Packs, bundles and feed folders that a person brings or takes along. What is brought is shown before anything changes; a
 * damaged version may be repaired from it.
 */
export function importCalls({ opened, chooser, files }: CallParts) {
  const lifecycle = async () => (await opened()).lifecycle;
  return {
    'import.choose': async ({ kind }) => {
      const path = await chooser.chooseImport(kind);
      if (path === null) return ok(null);
      const preview = await (await lifecycle()).preview(path, shown);
      return preview.ok ? ok({ ref: files.refOf(path), preview: preview.value }) : preview;
    },
    'import.preview': async ({ ref }) => {
      const path = files.path(ref);
      return path.ok ? (await lifecycle()).preview(path.value, shown) : path;
    },
    'import.install': async ({ ref, version, consentExpired }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      if (version === undefined) return (await lifecycle()).installLocal(path.value);
      const source = await sourceOf(path.value);
      return (await lifecycle()).get({ ...version, source, consentExpired, byHand: true });
    },
    'lifecycle.repair': async ({ source, ...version }) => {
      if (source === undefined) return (await lifecycle()).repair(version);
      const path = files.path(source);
      if (!path.ok) return path;
      return (await lifecycle()).repair(version, await sourceOf(path.value));
    },
    'lifecycle.export': async ({ model, version }) => {
      const place = await chooser.placeFor(`${model}-${version}.outpack`);
      if (place === null) return ok(null);
      const written = await (await lifecycle()).exportTo({ model, version }, place.path);
      return written.ok ? ok({ name: place.name, size: written.value.size }) : written;
    },
  } satisfies Partial<Handlers>;
}
