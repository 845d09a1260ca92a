import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { HttpContext } from '../server/index.ts';
import type { StatisticsBook } from './statistics.ts';
import { refuse } from '../server/index.ts';
import { answerInfer } from './infer.ts';
import { allowedVersions, findAllowed } from './find-allowed.ts';
import { configOf, isReady, metadataOf } from './models.ts';
import { imageInput, pictureTask } from '../tensors/index.ts';
import { oipHealthRoutes } from './health.ts';
import { repositoryRoutes } from './repository.ts';

export { directInfer } from './direct.ts';
export { classified } from './classification.ts';
export { configOf, control, indexOf, isReady, metadataOf, readinessOf } from './models.ts';
export { allowedVersions, findAllowed } from './find-allowed.ts';
export { oipHealthRoutes } from './health.ts';
export type { NamedModel } from './find-allowed.ts';
export type { RepositoryModel } from './models.ts';
export { inferPictures, isPictures } from './picture.ts';
export { openStatistics } from './statistics.ts';
export type { StatisticsBook } from './statistics.ts';

/** Extensions of the protocol that this server has, over REST and gRPC. */
export const extensions = [
  'classification',
  'model_configuration',
  'model_repository',
  'model_repository(unload_dependents)',
  'schedule_policy',
  'statistics',
];

type ModelParams = { readonly model: string; readonly version?: string };
type ModelRequest = FastifyRequest<{ Params: ModelParams }>;

/** Open Inference Protocol v2 over REST, with the binary, classification, repository and statistics extensions. */
export function oipRoutes(app: FastifyInstance, context: HttpContext, statistics: StatisticsBook): void {
  const { serving, appVersion } = context;
  oipHealthRoutes(app, context);
  const server = async (): Promise<object> => ({
    name: 'outpost',
    version: appVersion,
    extensions: ['binary_tensor_data', ...extensions],
  });
  app.get('/v2', server);
  app.get('/v2/', server);
  app.get('/v2/models', async ({ caller }) => ({
    models: [...new Set(allowedVersions(context, caller).map(({ id }) => id))],
  }));
  app.get('/v2/models/stats', async ({ caller }) => {
    await statistics.refresh?.();
    return { model_stats: allowedVersions(context, caller).map(statistics.of) };
  });
  const both = (part: string): readonly string[] => [
    `/v2/models/:model${part}`,
    `/v2/models/:model/versions/:version${part}`,
  ];
  for (const path of both('')) {
    app.get(path, (request: ModelRequest, reply) =>
      sendAbout(context, { request, reply }, (served) => ({
        ...metadataOf(serving, served),
        ...pictureParameters(served),
      })),
    );
  }
  for (const path of both('/config')) {
    app.get(path, (request: ModelRequest, reply) =>
      sendAbout(context, { request, reply }, (served) => configOf(serving, served)),
    );
  }
  for (const path of both('/stats')) {
    app.get(path, async (request: ModelRequest, reply) => {
      await statistics.refresh?.();
      return sendAbout(context, { request, reply }, (served) => ({ model_stats: [statistics.of(served)] }));
    });
  }
  for (const path of both('/ready')) {
    app.get(path, (request: ModelRequest, reply) =>
      sendAbout(context, { request, reply }, (served) => {
        const ready = isReady(served.state);
        if (!ready) reply.code(503).header('retry-after', '1');
        return { name: served.id, ready };
      }),
    );
  }
  for (const path of both('/infer')) {
    app.post(path, async (request: ModelRequest, reply) => {
      const found = findModel(context, request);
      if (!found.ok) return refuse(reply, found.fault);
      return answerInfer(context, found.value, { request, reply });
    });
  }
  repositoryRoutes(app, context);
}

async function sendAbout(
  context: HttpContext,
  { request, reply }: { readonly request: ModelRequest; readonly reply: FastifyReply },
  answer: (served: ServedVersion) => object,
): Promise<FastifyReply> {
  const found = findModel(context, request);
  return found.ok ? reply.send(answer(found.value)) : refuse(reply, found.fault);
}

function findModel(context: HttpContext, request: ModelRequest): Outcome<ServedVersion> {
  const { model: name, version = '' } = request.params;
  request.askedModel = name;
  return findAllowed(context, request.caller, { name, version });
}

/** A picture pack says in its metadata that it takes its photos as files too. */
function pictureParameters(served: ServedVersion): object {
  const pictures = pictureTask(served);
  if (!pictures) return {};
  const picture_outputs = pictures.outputs.map(({ name }) => name).join(',');
  return { parameters: { picture_input: imageInput.name, picture_outputs } };
}
