import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { failed, fault, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { DecodeWay, ModelRef } from '../../../contract/ids.ts';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { HttpContext } from '../context.ts';
import { refuse } from '../refuse.ts';
import { askedIn } from './asked.ts';

const Query = z.strictObject({
  model: ModelRef.optional(),
  top: z.coerce.number().int().min(1).max(1000).default(5),
  decode: DecodeWay.optional(),
  cache: z.stringbool().optional(),
  name: z.string().max(255).optional(),
});
export type PredictQuery = z.infer<typeof Query>;

/** `POST /predict`: a photo as the body, its record as the answer. */
export function predictRoute(app: FastifyInstance, context: HttpContext): void {
  app.post('/predict', async (request, reply) => {
    const query = Query.safeParse(request.query);
    if (!query.success) {
      const [issue] = query.error.issues;
      const what = `The parameter ${String(issue?.path[0] ?? 'of the address')}`;
      return refuse(reply, fault('request-malformed', { what, reason: issue?.message ?? '' }));
    }
    const served = servedFor(context, request, query.data);
    if (!served.ok) return refuse(reply, served.fault);
    const bytes = request.body as Buffer | undefined;
    const name = query.data.name ?? 'body';
    if (!bytes || bytes.byteLength === 0) return refuse(reply, fault('file-empty', { file: name }));
    const { top, decode, cache } = query.data;
    const record = await context.serving.picture({
      served: served.value,
      door: 'http',
      bytes,
      name,
      top,
      ...(decode && { decode }),
      ...(cache !== undefined && { useCache: cache }),
      ...askedIn(request, reply),
    });
    return record.ok
      ? reply.type('application/json').send(`${JSON.stringify(record.value)}\n`)
      : refuse(reply, record.fault);
  });
}

/** The model that was named, else the first that does photos. */
function servedFor(
  { serving, mayAsk }: HttpContext,
  request: FastifyRequest,
  { model }: PredictQuery,
): Outcome<ServedVersion> {
  const [id, version] = model?.split('@', 2) ?? [];
  const label = version === 'stable' || version === 'canary' || version === 'previous' ? version : undefined;
  const found =
    id === undefined
      ? firstOfPhotos(serving.catalogue())
      : serving.find({ id, ...(label ? { label } : version !== undefined && { version }) });
  if (!found.ok) return found;
  request.askedModel = found.value.id;
  const why = mayAsk(request.caller, found.value.id);
  return why ? { ok: false, fault: why } : found;
}

function firstOfPhotos(catalogue: readonly ServedVersion[]): Outcome<ServedVersion> {
  const first = catalogue.find(({ task, isDefault }) => task === 'image-classification' && isDefault);
  return first ? ok(first) : failed('model-not-found', { model: 'for image-classification' });
}
