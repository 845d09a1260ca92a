import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { DecodeWay, Provider } from '../../contract/ids.ts';
import { ProviderChoice, VariantChoice } from '../../contract/ids.ts';
import type { Manifest, Variant } from '../../contract/manifest.ts';
import type { Labels } from '../../contract/labels.ts';
import { reason } from '../../contract/reasons.ts';
import type { Settings } from '../../contract/settings.ts';
import { firstOf, looksThoroughly, taskOf, tasksWith } from '../../contract/tasks/index.ts';
import type { NumberOptions } from '../../contract/tasks/index.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import type { Library, Pack } from '../packs/index.ts';

/** What answers a request: a proved pack with the variant and the provider that were chosen. */
export type Plan = {
  readonly pack: Pack;
  readonly variant: Variant;
  readonly provider: Provider;
  readonly labels: Labels;
  readonly decode: DecodeWay;
  readonly thorough: boolean;
  /** Settings text of the result key. */
  readonly settingsText: string;
};
export type PlanRequest = {
  readonly model?: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly decode?: DecodeWay;
  readonly thorough?: boolean;
};

export type Planner = {
  plan(request: PlanRequest): Promise<Outcome<Plan>>;
  /** What was chosen may be another now. */
  forget(): void;
};

export type PlannerParts = {
  readonly library: Library;
  readonly settings: () => Settings;
  readonly chooseProvider: (
    pack: Pack,
    variant: Variant,
    choice: ProviderChoice,
  ) => Promise<Outcome<Provider>>;
};

type ReadLabels = (pack: Pack) => Promise<Outcome<Labels>>;

/** Choosing reads and proves a pack, so the choice is cached by what was asked for, until `forget`. */
export function createPlanner(parts: PlannerParts): Planner {
  const plans = new Map<string, Promise<Outcome<Plan>>>();
  // By digest, and not forgotten with the plans: each plan proves anew that the files are the ones of the digest.
  const labelsRead = new Map<string, Labels>();
  const readLabels: ReadLabels = async (pack) => {
    const known = labelsRead.get(pack.digest);
    if (known) return ok(known);
    const labels = await parts.library.labels(pack);
    if (labels.ok) labelsRead.set(pack.digest, labels.value);
    return labels;
  };
  return {
    forget: () => plans.clear(),
    plan: (request) => {
      const { model = '', variant = '', provider = '', decode = '', thorough = false } = request;
      const key = [model, variant, provider, decode, thorough].join('|');
      const known = plans.get(key);
      if (known) return known;
      const drop = (): void => {
        if (plans.get(key) === made) plans.delete(key);
      };
      const made = makePlan({ ...parts, readLabels }, request).then(
        (plan) => {
          if (!plan.ok) drop();
          return plan;
        },
        (error: unknown) => {
          drop();
          throw error;
        },
      );
      plans.set(key, made);
      return made;
    },
  };
}

async function makePlan(
  { library, settings, chooseProvider, readLabels }: PlannerParts & { readonly readLabels: ReadLabels },
  request: PlanRequest,
): Promise<Outcome<Plan>> {
  const chosen = settings();
  const pack = findPack(library, request.model ?? chosen.model);
  if (!pack.ok) return pack;
  const { thorough = false } = request;
  const { task } = pack.value.manifest;
  if (thorough && !looksThoroughly(task))
    return failed('task-mismatch', { model: pack.value.ref, task, input: reason('option-thorough') });
  const name = VariantChoice.safeParse(request.variant ?? chosen.variant);
  const variant = name.success
    ? variantOf(library, pack.value, { choice: name.data, isAsked: request.variant !== undefined })
    : library.variant(pack.value, String(request.variant));
  if (!variant.ok) return variant;
  const choice = ProviderChoice.safeParse(request.provider ?? chosen.provider);
  if (!choice.success)
    return failed('provider-unavailable', {
      provider: String(request.provider),
      model: pack.value.ref,
      reason: reason('no-such-provider'),
    });
  const proved = await library.prove(pack.value);
  if (!proved.ok) return proved;
  const labels = await readLabels(pack.value);
  if (!labels.ok) return labels;
  const decode = request.decode ?? chosen.decode;
  const provider = await chooseProvider(pack.value, variant.value, choice.data);
  if (!provider.ok) return provider;
  return ok({
    pack: pack.value,
    variant: variant.value,
    provider: provider.value,
    labels: labels.value,
    decode,
    thorough,
    settingsText: settingsText(pack.value.manifest, { decode, thorough }),
  });
}

/** Absent a reference, the model that answers photos. */
export function findPack(library: Library, ref: string | null): Outcome<Pack> {
  if (ref !== null) return library.find(ref);
  const fitting = tasksWith('picture');
  const first = firstOf(library.list(), fitting, ({ manifest }) => manifest.task);
  // The lifecycle decides which version is active.
  if (first) return library.find(first.manifest.id);
  const refused = library.refused()[0];
  return refused
    ? { ok: false, fault: refused.fault }
    : failed('model-not-found', { model: `for ${fitting[0]?.id}` });
}

/** A variant chosen in Settings holds for the models that have it; one that was asked for by name has to be there. */
function variantOf(
  library: Library,
  pack: Pack,
  { choice, isAsked }: { choice: string; isAsked: boolean },
): Outcome<Variant> {
  const variant = library.variant(pack, choice);
  return variant.ok || isAsked ? variant : library.variant(pack, 'auto');
}

export function loadSpec(library: Library, plan: Plan, threads: number): LoadSpec {
  const { pack, variant, provider, labels } = plan;
  const { task, inputs, outputs, preprocessing, postprocessing, embedding, thresholds } = pack.manifest;
  const hasBfloat16 = [...inputs, ...outputs].some(({ type }) => type === 'bfloat16');
  return {
    modelFile: library.fileOf(pack, variant.file),
    provider,
    threads,
    task,
    outputs,
    preprocessing,
    postprocessing,
    labels,
    embedding: embedding ?? null,
    ...(thresholds && { threshold: thresholds.shown }),
    ...(hasBfloat16 && { hasBfloat16 }),
  };
}

/** What of the manifest and the options decides the numbers; raw tensors are what they are. */
function settingsText(manifest: Manifest, options: NumberOptions): string {
  const task = taskOf(manifest.task);
  return task.input === 'tensors' ? '' : task.settingsText(manifest, options);
}

/** Names what a pool holds: the very files, on this provider, and with `shape` in so many workers of so many threads. */
export function keyOf(
  { pack, variant, provider }: Plan,
  shape?: { readonly workers: number; readonly threads: number },
): string {
  return `${pack.digest}|${variant.name}|${provider}|${shape ? `${shape.workers}x${shape.threads}` : ''}`;
}
