import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { DecodeWay, Provider } from '../../contract/ids.ts';
import { ProviderChoice, VariantChoice } from '../../contract/ids.ts';
import type { Manifest, Variant } from '../../contract/manifest.ts';
import type { Labels } from '../../contract/labels.ts';
import { reason } from '../../contract/reasons.ts';
import { scoredOutput } from '../../contract/scored-output.ts';
import type { Settings } from '../../contract/settings.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import type { Library, Pack } from '../packs/index.ts';

/** What answers a request: a proved pack with the variant and the provider that were chosen. */
export type Plan = {
  readonly pack: Pack;
  readonly variant: Variant;
  readonly provider: Provider;
  readonly labels: Labels;
  readonly decode: DecodeWay;
  /** Settings text of the result key. */
  readonly settingsText: string;
};
export type PlanRequest = {
  readonly model?: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly decode?: DecodeWay;
};

export type Planner = {
  plan(request: PlanRequest): Promise<Outcome<Plan>>;
  /** What was chosen may be another now. */
  forget(): void;
};

export type PlannerParts = {
  readonly library: Library;
  readonly settings: () => Promise<Settings>;
  readonly chooseProvider: (
    pack: Pack,
    variant: Variant,
    choice: ProviderChoice,
  ) => Promise<Outcome<Provider>>;
};

/** Choosing reads and proves a pack, so the choice for the same words is kept until it is forgotten. */
export function createPlanner(parts: PlannerParts): Planner {
  const kept = new Map<string, Promise<Outcome<Plan>>>();
  return {
    forget: () => kept.clear(),
    plan: (request) => {
      const words = `${request.model ?? ''}|${request.variant ?? ''}|${request.provider ?? ''}|${request.decode ?? ''}`;
      const known = kept.get(words);
      if (known) return known;
      const drop = (): void => {
        if (kept.get(words) === made) kept.delete(words);
      };
      const made = makePlan(parts, request).then(
        (plan) => {
          if (!plan.ok) drop();
          return plan;
        },
        (error: unknown) => {
          drop();
          throw error;
        },
      );
      kept.set(words, made);
      return made;
    },
  };
}

async function makePlan(
  { library, settings, chooseProvider }: PlannerParts,
  request: PlanRequest,
): Promise<Outcome<Plan>> {
  const chosen = await settings();
  const pack = findPack(library, request.model ?? chosen.model);
  if (!pack.ok) return pack;
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
  const labels = await library.labels(pack.value);
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
    settingsText: settingsText(pack.value.manifest, decode),
  });
}

/** Absent a reference, the model that answers photos. */
export function findPack(library: Library, ref: string | null): Outcome<Pack> {
  if (ref !== null) return library.find(ref);
  const first = library.list().find(({ manifest }) => manifest.task === 'image-classification');
  // The lifecycle decides which version is active.
  if (first) return library.find(first.manifest.id);
  const refused = library.refused()[0];
  return refused
    ? { ok: false, fault: refused.fault }
    : failed('model-not-found', { model: 'for image-classification' });
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
  const { task, inputs, outputs, preprocessing, postprocessing, embedding } = pack.manifest;
  const hasBfloat16 = [...inputs, ...outputs].some(({ type }) => type === 'bfloat16');
  return {
    modelFile: library.fileOf(pack, variant.file),
    provider,
    threads,
    preprocessing,
    postprocessing,
    labels,
    // A model of raw tensors has no scores, though its only output be a number.
    scored: task === 'image-classification' ? (scoredOutput(pack.manifest)?.name ?? null) : null,
    embedding: embedding ?? null,
    ...(hasBfloat16 && { hasBfloat16 }),
  };
}

/** What of the manifest decides the numbers, in words: `crop 0.875, cubic to 224 × 224`. */
export function settingsText({ preprocessing }: Pick<Manifest, 'preprocessing'>, decode: DecodeWay): string {
  const words = preprocessing.flatMap((step) => {
    if (step.op === 'crop-centre') return [`crop ${step.fraction}`];
    if (step.op === 'resize') return [`${step.kernel} to ${step.width} × ${step.height}`];
    return [];
  });
  if (decode === 'fast' && words.length > 0) words.push('fast decode');
  return words.join(', ');
}

/** Names what a pool holds: the very files, on this provider, and with `shape` in so many workers of so many threads. */
export function keyOf(
  { pack, variant, provider }: Plan,
  shape?: { readonly workers: number; readonly threads: number },
): string {
  return `${pack.digest}|${variant.name}|${provider}|${shape ? `${shape.workers}x${shape.threads}` : ''}`;
}
