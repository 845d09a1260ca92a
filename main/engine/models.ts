import { failed, ok } from '../../contract/faults/faults.ts';
import type { Labels } from '../../contract/packs/labels.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { Variant } from '../../contract/packs/manifest.ts';
import type { ModelSummary, VerifyReport } from '../../contract/packs/model.ts';
import { findsThings, taskIds, taskOf } from '../../contract/tasks/index.ts';
import type { Library, Pack, RefusedPack } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import type { Engine } from './types.ts';
import { runGolden } from './golden/index.ts';
import type { Ask } from './golden/index.ts';
import { findPack } from './plan.ts';
import type { Plan, Planner } from './plan.ts';

type ModelsParts = {
  readonly library: Library;
  readonly store: Store;
  readonly device: string;
  readonly planner: Planner;
  readonly stateOf: (model: string, version: string) => Pick<ModelSummary, 'state' | 'label'> | null;
  readonly quarantined: (pack: Pack) => Fault | null;
  readonly ask: (plan: Plan) => Ask;
  /** The model that a person chose for photos. */
  readonly chosen: () => string | null;
};

export function createModels(parts: ModelsParts): Engine['models'] {
  const { library, store, device } = parts;
  return {
    list: async () => {
      const summaries = library.list().map((pack) => summaryOf(parts, pack));
      return [...summaries, ...library.refused().map(refusedSummary)];
    },
    show: async (ref) => {
      const pack = library.find(ref);
      if (!pack.ok) return pack;
      const { files, inputs, outputs, preprocessing, golden } = pack.value.manifest;
      const finder = finderOf(library, pack.value);
      const labels = await library.labels(finder);
      // Tasks that find things have the names of labels as their ids.
      const finds = findsThings(finder.manifest.task);
      return ok({
        model: summaryOf(parts, pack.value),
        card: await library.card(pack.value),
        files,
        inputs,
        outputs,
        preprocessing,
        hasGolden: golden !== undefined,
        golden: await store.golden(device, library.digestOf(pack.value)),
        ...(labels.ok && {
          labelNames: labels.value.map(({ name }) => name),
          labelIds: labels.value.map(({ id, name }) => (finds ? name : id)),
        }),
        nameLabels: await nameLabelsOf(library, pack.value),
      });
    },
    verify: async (ref) => {
      const pack = library.find(ref);
      return pack.ok ? verifyWhole(library, pack.value) : pack;
    },
    resolve: (ref) => {
      const pack = findPack(library, ref ?? parts.chosen());
      return pack.ok ? ok(pack.value.ref) : pack;
    },
    golden: async (ref) => {
      const plan = await parts.planner.plan({ model: ref });
      if (!plan.ok) return plan;
      const result = await runGolden(library, plan.value, parts.ask(plan.value));
      if (!result.ok) return result;
      if (result.value.total === 0) return failed('nothing-to-do', { file: plan.value.pack.ref });
      store.saveGolden(device, plan.value.digest, result.value);
      return result;
    },
  };
}

/** Of a pack that is made of others the part that finds things, whose labels a photo is sorted by; else the pack itself. */
function finderOf(library: Library, pack: Pack): Pack {
  const parts = library.parts(pack);
  const finder = parts.ok ? parts.value.find((part) => findsThings(part.pack.manifest.task)) : undefined;
  return finder?.pack ?? pack;
}

/** What a pack that is made of others may call the things that one of them finds. */
async function nameLabelsOf(library: Library, pack: Pack): Promise<{ id: string; name: string }[]> {
  const task = taskOf(pack.manifest.task);
  const parts = library.parts(pack);
  if (!('nameLabels' in task) || !parts.ok) return [];
  const ofRole: Record<string, Labels> = {};
  for (const { role, pack: part } of parts.value) {
    const labels = await library.labels(part);
    if (labels.ok) ofRole[role] = labels.value;
  }
  const names = task.nameLabels?.(pack.manifest, ofRole) ?? [];
  return names.map(({ id, name }) => ({ id, name }));
}

/** With the packs that it is made of, whose files stand behind its own. */
async function verifyWhole(library: Library, pack: Pack): Promise<Outcome<VerifyReport>> {
  const parts = library.parts(pack);
  if (!parts.ok) return parts;
  const own = await library.verify(pack);
  const others = await Promise.all(parts.value.map((part) => library.verify(part.pack)));
  return ok({
    ...own,
    files: [
      ...own.files,
      ...others.flatMap(({ model, files }) =>
        files.map(({ path, fault }) => ({ path: `${model}/${path}`, fault })),
      ),
    ],
    passed: own.passed && others.every(({ passed }) => passed),
    durationMs: Math.max(own.durationMs, ...others.map(({ durationMs }) => durationMs)),
  });
}

function summaryOf({ library, quarantined, stateOf }: ModelsParts, pack: Pack): ModelSummary {
  const { manifest, ref, digest, trust, sizeBytes, labelCount } = pack;
  const joined = library.parts(pack);
  const why = quarantined(pack) ?? (joined.ok ? null : joined.fault);
  const shown = stateOf(manifest.id, manifest.version) ?? stateByLibrary(library, pack);
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
    labels: labelCount,
    variants: manifest.variants.map((variant) => ({
      ...variant,
      size: [pack, ...(joined.ok ? joined.value : []).map((part) => part.pack)]
        .map((each) => variantSize(each, variant))
        .reduce((sum, size) => sum + size, 0),
    })),
    ...(manifest.parts && {
      parts: manifest.parts.map(({ role, pack: id, versions }) => ({
        role,
        pack: id,
        versions,
        ref: (joined.ok ? joined.value : []).find((part) => part.role === role)?.pack.ref ?? null,
      })),
    }),
    trust,
    state: why ? 'quarantined' : shown.state,
    label: shown.label,
    samples: manifest.samples.length,
    thresholds: manifest.thresholds ?? null,
    fault: why,
  };
}

/** Bytes of the model that is loaded; of a part in its variant of this name, or else in its first. */
function variantSize({ manifest: { variants, files } }: Pack, { name }: Pick<Variant, 'name'>): number {
  const file = (variants.find((each) => each.name === name) ?? variants[0])?.file;
  return files.find(({ path }) => path === file)?.size ?? 0;
}

/** Where no lifecycle says more, the version that a request without one gets is the active one. */
function stateByLibrary(library: Library, { ref, manifest }: Pack): Pick<ModelSummary, 'state' | 'label'> {
  const found = library.find(manifest.id);
  const isActive = found.ok && found.value.ref === ref;
  return { state: isActive ? 'active' : 'installed', label: isActive ? 'stable' : null };
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
    task: taskIds[0],
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
