import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { DecodeWay, Digest, Provider } from '../../contract/ids.ts';
import { ProviderChoice, VariantChoice } from '../../contract/ids.ts';
import type { Manifest, Variant } from '../../contract/packs/manifest.ts';
import type { Labels } from '../../contract/packs/labels.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { Settings } from '../../contract/settings.ts';
import { takesRows } from '../../contract/packs/input-rows.ts';
import { firstOf, looksThoroughly, takesPictures, taskOf, tasksWith } from '../../contract/tasks/index.ts';
import type { NumberOptions } from '../../contract/tasks/index.ts';
import type { JoinedSpec, LoadSpec } from '../../contract/wire.ts';
import { wholeDigest } from '../packs/index.ts';
import type { Library, Pack, ResolvedPart } from '../packs/index.ts';

/** What answers a request: a proved pack with the variant and the provider that were chosen. */
export type Plan = {
  readonly pack: Pack;
  /** Of the pack and of all that it is made of: what the numbers depend on. */
  readonly digest: Digest;
  /** The packs that do it together, where it has no model file of its own. */
  readonly parts: readonly PlannedPart[];
  readonly variant: Variant;
  readonly provider: Provider;
  readonly labels: Labels;
  readonly decode: DecodeWay;
  readonly thorough: boolean;
  /** Settings text of the result key. */
  readonly settingsText: string;
};
/** One of several packs that answer together; it runs on the provider of the whole. */
type PlannedPart = Pick<Plan, 'pack' | 'variant' | 'labels'> & { readonly role: string };
/** A plan before its provider is chosen. */
export type Unprovided = Omit<Plan, 'provider'>;
export type PlanRequest = {
  readonly model?: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly decode?: DecodeWay;
  readonly thorough?: boolean;
  /** `id@version`: with the parts that the pack would have if this version answered. */
  readonly withPart?: string;
};

export type Planner = {
  plan(request: PlanRequest): Promise<Outcome<Plan>>;
  /** The plan of a request that names a model and nothing else, where it was made before. */
  known(model: string): Plan | null;
  /** What was chosen may be another now. */
  forget(): void;
};

type PlannerParts = {
  readonly library: Library;
  readonly settings: () => Settings;
  readonly chooseProvider: (plan: Unprovided, choice: ProviderChoice) => Promise<Outcome<Provider>>;
};

type ReadLabels = (pack: Pack) => Promise<Outcome<Labels>>;

/** Choosing reads and proves a pack, so the choice is cached by what was asked for, until `forget`. */
export function createPlanner(parts: PlannerParts): Planner {
  const plans = new Map<string, { readonly making: Promise<Outcome<Plan>>; plan: Plan | null }>();
  // Of known plans by model: to join a key anew takes longer than to look it up.
  const keys = new Map<string, string>();
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
    forget: () => {
      plans.clear();
      keys.clear();
    },
    known: (model) => {
      const key = keys.get(model) ?? keyOfRequest({ model });
      const plan = plans.get(key)?.plan ?? null;
      if (plan) keys.set(model, key);
      return plan;
    },
    plan: (request) => {
      const key = keyOfRequest(request);
      const known = plans.get(key);
      if (known) return known.making;
      const drop = (): void => {
        if (plans.get(key) === entry) plans.delete(key);
      };
      const making = makePlan({ ...parts, readLabels }, request).then(
        (plan) => {
          if (plan.ok) entry.plan = plan.value;
          else drop();
          return plan;
        },
        (error: unknown) => {
          drop();
          throw error;
        },
      );
      const entry = { making, plan: null as Plan | null };
      plans.set(key, entry);
      return making;
    },
  };
}

function keyOfRequest(request: PlanRequest): string {
  const { model = '', variant = '', provider = '', decode = '', thorough = false, withPart = '' } = request;
  return `${model}|${variant}|${provider}|${decode}|${thorough}|${withPart}`;
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
  const resolved = resolveParts(library, pack.value, request.withPart);
  if (!resolved.ok) return resolved;
  const parts = await planParts({ library, readLabels }, resolved.value, variant.value);
  if (!parts.ok) return parts;
  const decode = request.decode ?? chosen.decode;
  const plan = {
    pack: pack.value,
    digest: wholeDigest(pack.value, parts.value),
    parts: parts.value,
    variant: variant.value,
    labels: labels.value,
    decode,
    thorough,
    settingsText: settingsText(pack.value.manifest, { decode, thorough }),
  };
  const provider = await chooseProvider(plan, choice.data);
  return provider.ok ? ok({ ...plan, provider: provider.value }) : provider;
}

function resolveParts(
  library: Library,
  pack: Pack,
  withPart: string | undefined,
): Outcome<readonly ResolvedPart[]> {
  if (withPart === undefined) return library.parts(pack);
  const part = library.find(withPart);
  return part.ok ? library.parts(pack, part.value) : part;
}

/** Proved as the whole is: each in its variant of the whole's name, or else in its first. */
async function planParts(
  { library, readLabels }: Pick<PlannerParts, 'library'> & { readonly readLabels: ReadLabels },
  resolved: readonly ResolvedPart[],
  { name }: Variant,
): Promise<Outcome<readonly PlannedPart[]>> {
  const parts: PlannedPart[] = [];
  for (const { role, pack: part } of resolved) {
    const variant = variantOf(library, part, { choice: name, isAsked: false });
    if (!variant.ok) return variant;
    const proved = await library.prove(part);
    if (!proved.ok) return proved;
    const labels = await readLabels(part);
    if (!labels.ok) return labels;
    parts.push({ role, pack: part, variant: variant.value, labels: labels.value });
  }
  return ok(parts);
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

export function loadSpec(library: Library, plan: Plan, options: LoadOptions): LoadSpec | JoinedSpec {
  const { pack, provider, parts } = plan;
  const how = { provider, ...options };
  if (parts.length === 0) return modelSpec(library, plan, how);
  const { task, postprocessing, thresholds } = pack.manifest;
  return {
    name: pack.ref,
    provider,
    task,
    postprocessing,
    ...(thresholds && { threshold: thresholds.shown }),
    parts: parts.map((part) => ({ role: part.role, spec: modelSpec(library, part, how) })),
  };
}

type LoadOptions = Pick<LoadSpec, 'threads' | 'mappedFolder'>;

function modelSpec(
  library: Library,
  { pack, variant, labels }: Pick<Plan, 'pack' | 'variant' | 'labels'>,
  how: Pick<LoadSpec, 'provider'> & LoadOptions,
): LoadSpec {
  const { task, inputs, outputs, preprocessing, postprocessing, embedding, thresholds } = pack.manifest;
  const hasBfloat16 = [...inputs, ...outputs].some(({ type }) => type === 'bfloat16');
  // A manifest without a file and without parts is refused when it is read.
  if (variant.file === undefined) throw new Error(`${pack.ref} has no model file`);
  return {
    modelFile: library.fileOf(pack, variant.file),
    ...how,
    task,
    inputs,
    outputs,
    preprocessing,
    postprocessing,
    labels,
    embedding: embedding ?? null,
    ...(thresholds && { threshold: thresholds.shown }),
    ...(hasBfloat16 && { hasBfloat16 }),
    ...(countsRows(pack.manifest) && { hasRows: true }),
  };
}

/** Whether the first dimension of its tensors counts rows: the manifest says so, or photos are laid out by it. */
const countsRows = ({ task, batch, preprocessing }: Manifest): boolean =>
  batch === true || (takesPictures(task) && takesRows(preprocessing));

/** What of the manifest and the options decides the numbers; raw tensors are what they are. */
function settingsText(manifest: Manifest, options: NumberOptions): string {
  const task = taskOf(manifest.task);
  return task.input === 'tensors' ? '' : task.settingsText(manifest, options);
}

/** Names what a pool holds: the very files, on this provider, and with `shape` in so many workers of so many threads. */
export function keyOf(
  { digest, variant, provider }: Plan,
  shape?: { readonly workers: number; readonly threads: number },
): string {
  return `${digest}|${variant.name}|${provider}|${shape ? `${shape.workers}x${shape.threads}` : ''}`;
}
