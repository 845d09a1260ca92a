import type { Manifest } from '../../contract/packs/manifest.ts';
import type { ServedState, ServedVersion } from '../../contract/serving/serving.ts';
import { compareVersions } from '../packs/index.ts';
import type { ServingParts } from './types.ts';
import { numberOf } from '../../contract/serving/find-served.ts';

type CatalogueParts = {
  readonly opened: Pick<ServingParts, 'engine' | 'library'>;
  /** Ids that someone asked to unload. */
  readonly unloaded: ReadonlySet<string>;
  /** Versions (`id@version`) pinned as default for now, by model id. */
  readonly held: ReadonlyMap<string, string>;
};
type Label = ServedVersion['labels'][number];

/** Every version that may be called, by id, newest first. */
export function catalogueOf({ opened, unloaded, held }: CatalogueParts): readonly ServedVersion[] {
  const { engine, library } = opened;
  const stateOf = (id: string, ref: string): ServedState => {
    if (unloaded.has(id)) return { kind: 'end', fault: null };
    const loaded = engine.workers.stateOf(ref);
    switch (loaded.kind) {
      case 'none':
        return { kind: 'unloaded' };
      case 'loading':
        return { kind: 'loading' };
      case 'ready':
        return { kind: 'available' };
      case 'stopped':
        return { kind: 'end', fault: loaded.fault };
    }
  };
  const refOf = (asked: string): string | null => {
    const found = library.find(asked);
    return found.ok ? found.value.ref : null;
  };
  const ids = [...new Set(library.list().map(({ manifest }) => manifest.id))].sort();
  return ids.flatMap((id) => {
    const active = refOf(held.get(id) ?? id) ?? refOf(id);
    const labelled = (['stable', 'canary', 'previous'] as const).map(
      (label): readonly [Label, string | null] => [label, refOf(`${id}@${label}`)],
    );
    return library
      .list()
      .filter(({ manifest }) => manifest.id === id)
      .map(({ manifest, ref, digest, labelCount }) => ({
        ref,
        id: manifest.serving?.name ?? id,
        packId: id,
        version: manifest.version,
        shownVersion: shownVersion(manifest),
        number: Number(manifest.serving?.version ?? numberOf(manifest.version)),
        labels: labelled.filter(([, holder]) => holder === ref).map(([label]) => label),
        isDefault: ref === active,
        state: stateOf(id, ref),
        title: manifest.title,
        summary: manifest.summary,
        task: manifest.task,
        packDigest: digest,
        inputs: manifest.inputs,
        outputs: manifest.outputs,
        labelCount,
        maxBatch: manifest.serving?.maxBatch ?? null,
        workers: manifest.serving?.workers ?? null,
      }))
      .sort((one, other) => compareVersions(other.version, one.version));
  });
}

/** The version that clients see: the number of the folder that a bare model lies in, else the semantic version. */
export const shownVersion = ({ serving, version }: Pick<Manifest, 'serving' | 'version'>): string =>
  serving?.version ?? version;
