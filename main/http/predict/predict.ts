import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { HttpContext } from '../server/index.ts';
import { digestOf, refuse } from '../server/index.ts';
import { optionNames, readPredictOptions, servedFor } from './predict-options.ts';
import { readMultipart } from './multipart.ts';
import { answerPhoto, answerPhotos } from './pictures.ts';
import type { NamedBytes } from './pictures.ts';
import { answerTable } from './tables.ts';

const accepted = 'a photo (image/*), multipart/form-data with photos, or a table (text/csv)';

/** `POST /predict`: a photo, a form with photos or a table as the body; the record that the command line prints as the answer. */
export function predictRoute(app: FastifyInstance, context: HttpContext): void {
  app.post('/predict', { config: { takesPhoto: true } }, (request, reply) => {
    const type = request.headers['content-type'] ?? '';
    const kind = type.split(';', 1)[0]!.trim().toLowerCase();
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (kind === 'multipart/form-data') return answerForm(context, { type, body }, reply);
    const options = readPredictOptions(request.query);
    if (!options.ok) return refuse(reply, options.fault);
    const { model, name = 'body' } = options.value;
    const isTable = kind === 'text/csv';
    if (!isTable && !isPhotoType(kind))
      return refuse(reply, fault('media-type-unsupported', { type: kind.slice(0, 100), accepted }));
    const served = servedFor(context, request, {
      model,
      input: isTable ? 'tensors' : 'picture',
    });
    if (!served.ok) return refuse(reply, served.fault);
    const input = { name, bytes: body, digest: digestOf(body) };
    return isTable
      ? answerTable({ context, served: served.value }, input, reply)
      : answerPhoto({ context, served: served.value, options: options.value }, input, reply);
  });
}

/** curl calls any file a urlencoded form unless it is told otherwise. */
function isPhotoType(kind: string): boolean {
  return (
    kind === '' ||
    kind.startsWith('image/') ||
    kind === 'application/octet-stream' ||
    kind === 'application/x-www-form-urlencoded'
  );
}

async function answerForm(
  context: HttpContext,
  { type, body }: { readonly type: string; readonly body: Buffer },
  reply: FastifyReply,
): Promise<FastifyReply> {
  const form = readForm(type, body, reply.request);
  if (!form.ok) return refuse(reply, form.fault);
  const { fields, photos } = form.value;
  const options = readPredictOptions(fields);
  if (!options.ok) return refuse(reply, options.fault);
  const served = servedFor(context, reply.request, { model: options.value.model, input: 'picture' });
  if (!served.ok) return refuse(reply, served.fault);
  const parts = { context, served: served.value, options: options.value };
  return photos.length === 1 ? answerPhoto(parts, photos[0]!, reply) : answerPhotos(parts, photos, reply);
}

type Form = { readonly fields: object; readonly photos: readonly NamedBytes[] };

/** Parts with the name of a parameter and no file name are that parameter; every other part is a photo. */
function readForm(type: string, body: Buffer, { query }: FastifyRequest): Outcome<Form> {
  const parts = readMultipart(body, type);
  if (!parts.ok) return parts;
  const fields: Record<string, unknown> = { ...(query as object) };
  const photos: NamedBytes[] = [];
  for (const { name, file, bytes } of parts.value) {
    if (file === null && optionNames.includes(name)) fields[name] = bytes.toString('utf8');
    else photos.push({ name: file || name || `part ${photos.length + 1}`, bytes });
  }
  return photos.length === 0
    ? failed('request-malformed', { what: 'The form', reason: 'there is no file in it' })
    : ok({ fields, photos });
}
