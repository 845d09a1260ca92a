import { failed, ok } from '../../contract/faults.ts';
import type { Fault } from '../../contract/faults.ts';
import type { ModelSummary } from '../../contract/model.ts';
import type { Library, Pack, RefusedPack } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import type { Engine } from './door.ts';
import { runGolden } from './golden.ts';
import type { Ask } from './golden.ts';
import type { Plan, Planner } from './plan.ts';

export type ModelsParts = {
  readonly library: Library;
  readonly store: Store;
  readonly device: string;
  readonly planner: Planner;
  readonly model: () => Promise<string | null>;
  readonly quarantined: (pack: Pack) => Fault | null;
  readonly ask: (plan: Plan) => Ask;
};

export function createModels(parts: ModelsParts): Engine['models'] {
  const { library, store, device } = parts;
  return {
    list: async () => {
      const active = await activeRef(parts);
      const summaries = await Promise.all(library.list().map((pack) => summaryOf(parts, pack, active)));
      return [...summaries, ...library.refused().map(refusedSummary)];
    },
    show: async (ref) => {
      const pack = library.find(ref);
      if (!pack.ok) return pack;
      const { files, inputs, outputs } = pack.value.manifest;
      return ok({
        model: await summaryOf(parts, pack.value, await activeRef(parts)),
        card: await library.card(pack.value),
        files,
        inputs,
        outputs,
        golden: await store.golden(device, pack.value.digest),
      });
    },
    verify: async (ref) => {
      const pack = library.find(ref);
      return pack.ok ? ok(await library.verify(pack.value)) : pack;
    },
    golden: async (ref) => {
      const plan = await parts.planner.plan({ model: ref });
      if (!plan.ok) return plan;
      const result = await runGolden(library, plan.value, parts.ask(plan.value));
      if (!result.ok) return result;
      if (result.value.total === 0) return failed('nothing-to-do', { file: plan.value.pack.ref });
      store.saveGolden(device, plan.value.pack.digest, result.value);
      return result;
    },
  };
}

async function activeRef({ library, model }: ModelsParts): Promise<string | null> {
  const chosen = await model();
  if (chosen !== null) {
    const pack = library.find(chosen);
    return pack.ok ? pack.value.ref : null;
  }
  return library.list().find(({ manifest }) => manifest.task === 'image-classification')?.ref ?? null;
}

async function summaryOf(
  { library, quarantined }: ModelsParts,
  pack: Pack,
  active: string | null,
): Promise<ModelSummary> {
  const { manifest, ref, digest, trust, sizeBytes } = pack;
  const labels = await library.labels(pack);
  const why = quarantined(pack);
  const sizeOf = (path: string): number => manifest.files.find((file) => file.path === path)?.size ?? 0;
  const stable = library.find(`${manifest.id}@stable`);
  return {
    ref,
    id: manifest.id,
    version: manifest.version,
    title: manifest.title,
    summary: manifest.summary,
    task: manifest.task,
    licence: manifest.licence,
    digest,
    size: sizeBytes,
    labels: labels.ok ? labels.value.length : 0,
    variants: manifest.variants.map((variant) => ({ ...variant, size: sizeOf(variant.file) })),
    trust,
    state: why ? 'quarantined' : ref === active ? 'active' : 'installed',
    label: stable.ok && stable.value.ref === ref ? 'stable' : null,
    samples: manifest.samples.length,
    thresholds: manifest.thresholds ?? null,
    fault: why,
  };
}

/** A pack that could not be read is listed all the same, by its folder and the reason. */
function refusedSummary({ name, fault }: RefusedPack): ModelSummary {
  const [id = name] = name.split('/');
  return {
    ref: name,
    id,
    version: '',
    title: name,
    summary: '',
    task: 'image-classification',
    licence: '',
    digest: '',
    size: 0,
    labels: 0,
    variants: [],
    trust: 'local',
    state: 'refused',
    label: null,
    samples: 0,
    thresholds: null,
    fault,
  };
}
