import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { DecodeWay } from '../../../contract/ids.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { firstOf, taskOf, tasksWith } from '../../../contract/tasks/index.ts';
import type { AnyTask } from '../../../contract/tasks/index.ts';
import type { HttpContext } from '../server/index.ts';

const Query = z.strictObject({
  model: z.string().min(1).max(400).optional(),
  top: z.coerce.number().int().min(1).max(1000).optional(),
  threshold: z.coerce.number().min(0).max(1).optional(),
  decode: DecodeWay.optional(),
  thorough: z.stringbool().optional(),
  cache: z.stringbool().optional(),
  name: z.string().min(1).max(255).optional(),
});
export type PredictOptions = z.infer<typeof Query>;
export const optionNames: readonly string[] = Object.keys(Query.shape);

/** What stands behind the question mark, or in the fields of a form. */
export function readPredictOptions(fields: unknown): Outcome<PredictOptions> {
  const query = Query.safeParse(fields);
  if (query.success) return ok(query.data);
  const issue = query.error.issues[0]!;
  if (issue.code === 'unrecognized_keys')
    return failed('request-malformed', {
      what: `Parameter ${issue.keys.join(', ').slice(0, 100)}`,
      reason: `there is none of that name; there is ${optionNames.join(', ')}`,
    });
  return failed('request-malformed', {
    what: `Parameter ${String(issue.path[0])}`,
    reason: issue.message.replace(/\.$/u, ''),
  });
}

/** The model that was named, else the first that takes this input and that the caller may ask. Sets `askedModel`. */
export function servedFor(
  { serving, mayAsk }: HttpContext,
  request: FastifyRequest,
  { model, input }: { readonly model: string | undefined; readonly input: AnyTask['input'] },
): Outcome<ServedVersion> {
  if (model === undefined) {
    const fitting = tasksWith(input);
    const allowed = serving
      .catalogue()
      .filter((one) => one.isDefault && mayAsk(request.caller, one.id) === null);
    const first = firstOf(allowed, fitting, ({ task }) => task);
    if (!first) return failed('model-not-found', { model: `for ${fitting[0]?.id}` });
    request.askedModel = first.id;
    return ok(first);
  }
  const { id, version } = namedIn(serving, model);
  request.askedModel = id;
  const why = mayAsk(request.caller, id);
  if (why) return { ok: false, fault: why };
  const isLabel = version === 'stable' || version === 'canary' || version === 'previous';
  const found = serving.find({
    id,
    ...(isLabel ? { label: version } : version !== undefined && { version }),
  });
  return !found.ok || taskOf(found.value.task).input === input
    ? found
    : failed('task-mismatch', {
        model: id,
        task: found.value.task,
        input: reason(input === 'tensors' ? 'tables' : 'photos'),
      });
}

/** `id` or `id@version`; the name of a folder may hold an @ itself. */
function namedIn(
  { catalogue }: Pick<HttpContext['serving'], 'catalogue'>,
  model: string,
): { readonly id: string; readonly version: string | undefined } {
  const at = model.lastIndexOf('@');
  return at < 1 || catalogue().some(({ id }) => id === model)
    ? { id: model, version: undefined }
    : { id: model.slice(0, at), version: model.slice(at + 1) };
}
