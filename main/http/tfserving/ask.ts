import type { ServedVersion } from '../../../contract/serving.ts';
import type { Share } from '../server/budget/index.ts';
import type { Caller, HttpContext } from '../server/context.ts';
import type { TfsPath } from './paths.ts';
import { faulted, read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

/** What every answer needs besides its body. */
export type Ask = {
  readonly context: HttpContext;
  readonly served: ServedVersion;
  /** Ends when the asker goes. */
  readonly signal: AbortSignal;
  /** Of the memory for requests. */
  readonly share: Share;
};

/** The version that a path means; unknown ones are told in TensorFlow Serving's words. */
export function servedBy(
  context: HttpContext,
  path: TfsPath & { readonly model: string },
): Read<ServedVersion> {
  const { model: id, version, label } = path;
  if (version !== undefined && BigInt(version) > largestInt64) {
    return refused(`Failed to convert version: ${version} to numeric.`);
  }
  const found = context.serving.find({
    id,
    ...(version !== undefined && { version: String(BigInt(version)) }),
    ...(label !== undefined && { label }),
  });
  if (found.ok) return read(found.value);
  const { code } = found.fault;
  if (code !== 'model-not-found' && code !== 'version-not-found') return faulted(found.fault);
  const isKnown = code === 'version-not-found';
  if (label !== undefined && isKnown) return refused(`Unrecognized servable version label: ${label}`, 404);
  const which = version === undefined ? `Latest(${id})` : `Specific(${id}, ${version})`;
  return refused(`Servable not found for request: ${which}`, 404);
}

/** Every version of a model, or the one that the path names. */
export function statusesBy(
  context: HttpContext,
  path: TfsPath & { readonly model: string },
): Read<readonly ServedVersion[]> {
  if (path.version !== undefined || path.label !== undefined) {
    const one = servedBy(context, path);
    if (one.ok) return read([one.value]);
    if (one.refusal.status !== 404 || path.version === undefined) return one;
    return refused(`Could not find version ${path.version} of model ${path.model}`, 404);
  }
  const found = context.serving.find({ id: path.model });
  const packId = found.ok ? found.value.packId : null;
  const all = context.serving.catalogue().filter((served) => served.packId === packId);
  return all.length > 0 ? read(all) : refused(`Could not find any versions of model ${path.model}`, 404);
}

/** Null, or why this caller may not use the model. */
export function barred(context: HttpContext, caller: Caller, model: string): Read<never> | null {
  const why = context.mayAsk(caller, model);
  return why === null ? null : faulted(why);
}

const largestInt64 = 2n ** 63n - 1n;
