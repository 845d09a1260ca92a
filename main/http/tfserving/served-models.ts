import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { InferResult } from '../../serving/index.ts';
import type { Caller, HttpContext, HttpLimits, Share } from '../server/index.ts';
import type { TfsPath } from './paths.ts';
import type { TfsReading } from './read-request.ts';
import { faulted, read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';

/** What every inference needs besides its input. */
export type RequestScope = {
  readonly context: HttpContext;
  readonly served: ServedVersion;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
  /** Of the memory for requests. */
  readonly share: Share;
  /** What the model gave, where it ran already. */
  readonly result: InferResult | null;
};

/** Limits of reading, as `readTfs` takes them. */
export const readingRules = ({
  maxJsonDepth,
  maxElements,
}: HttpLimits): Pick<TfsReading, 'maxDepth' | 'maxElements'> => ({ maxDepth: maxJsonDepth, maxElements });

/** The version that a path means. */
export function servedBy(
  { serving }: HttpContext,
  { model: id, version, label }: TfsPath & { readonly model: string },
): Read<ServedVersion> {
  if (version !== undefined && BigInt(version) > largestInt64)
    return refused(`Version ${version} is beyond 64 bits`);
  const found = serving.find({
    id,
    ...(version !== undefined && { version: String(BigInt(version)) }),
    ...(label !== undefined && { label }),
  });
  return found.ok ? read(found.value) : faulted(found.fault);
}

/** Every version of a model, or the one that the path names. */
export function statusesBy(
  context: HttpContext,
  path: TfsPath & { readonly model: string },
): Read<readonly ServedVersion[]> {
  const served = servedBy(context, path);
  if (!served.ok) return served;
  if (path.version !== undefined || path.label !== undefined) return read([served.value]);
  const { packId } = served.value;
  return read(context.serving.catalogue().filter((each) => each.packId === packId));
}

/** Null, or the refusal where this caller may not use the model. */
export function barred(context: HttpContext, caller: Caller, model: string): Read<never> | null {
  const why = context.mayAsk(caller, model);
  return why === null ? null : faulted(why);
}

const largestInt64 = 2n ** 63n - 1n;
