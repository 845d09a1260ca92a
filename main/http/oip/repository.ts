import type { FastifyInstance, FastifyRequest } from 'fastify';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { HttpContext } from '../server/index.ts';
import { control, indexOf } from './models.ts';
import { JsonFault, documentMembers, parse } from '../tensors/index.ts';
import { refuse } from '../server/index.ts';

/** The model repository: what there is, load, unload. Models are loaded as they are installed; `config` and files of a request are refused. */
export function repositoryRoutes(app: FastifyInstance, context: HttpContext): void {
  app.post('/v2/repository/index', async (request, reply) => {
    const read = readObject(request);
    if (!read.ok) return refuse(reply, read.fault);
    const { ready = false } = read.value;
    if (typeof ready !== 'boolean') return refuse(reply, bad('ready', 'it is true or false'));
    return reply.send(indexOf(context, request.caller, ready));
  });
  for (const verb of ['load', 'unload'] as const) {
    app.post(
      `/v2/repository/models/:model/${verb}`,
      async (request: FastifyRequest<{ Params: { readonly model: string } }>, reply) => {
        const { model } = request.params;
        request.askedModel = model;
        const read = readObject(request);
        if (!read.ok) return refuse(reply, read.fault);
        const { parameters = {} } = read.value;
        if (!isObject(parameters)) return refuse(reply, bad('parameters', 'they are an object'));
        const asked = { model_name: model, verb, parameters: named(parameters) };
        const done = await control(context, request.caller, asked);
        return done.ok ? reply.code(200).send() : refuse(reply, done.fault);
      },
    );
  }
}

/** Only the names are looked at. */
const named = (parameters: object): Readonly<Record<string, Record<string, never>>> =>
  Object.fromEntries(Object.keys(parameters).map((name) => [name, {}]));

/** Body limit: load requests are small, and configurations are refused. */
const mostBytes = 1024 ** 2;

type Members = Readonly<Record<string, unknown>>;

/** The object of a small body; an empty body is an empty object. */
function readObject({ body }: FastifyRequest): Outcome<Members> {
  if (!Buffer.isBuffer(body) || body.byteLength === 0) return ok({});
  if (body.byteLength > mostBytes) return failed('body-too-large', { limit: mostBytes });
  try {
    return ok(Object.fromEntries(documentMembers(body).map((each) => [each.key, parse(body, each)])));
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return failed('request-malformed', { what: 'The body', reason: error.message });
  }
}

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function bad(what: string, reason: string): Fault {
  return fault('request-malformed', { what, reason });
}
