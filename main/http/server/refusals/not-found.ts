import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fault } from '../../../../contract/faults/faults.ts';
import { refuse } from './refuse.ts';

type Route = {
  readonly pattern: RegExp;
  readonly method: string;
  /** Ends in `*`: which of its paths take which method is its own business. */
  readonly isWild: boolean;
};

export type UnknownRoutes = {
  /** 404 for a path that is none, 405 with `Allow` for one that takes another method; OPTIONS is told that alone. */
  answer(request: FastifyRequest, reply: FastifyReply): FastifyReply;
  isThere(method: string, path: string): boolean;
};

/** What is said where no route answers. It knows the routes that are added after it. */
export function answerUnknown(app: FastifyInstance): UnknownRoutes {
  const routes: Route[] = [];
  app.addHook('onRoute', ({ url, method }) => {
    const pattern = patternOf(url);
    for (const one of [method].flat()) routes.push({ pattern, method: one, isWild: url.endsWith('*') });
  });
  const answer: UnknownRoutes['answer'] = (request, reply) => {
    const { method, url } = request;
    const path = url.split('?', 1)[0]!;
    const fitting = routes.filter(({ isWild, pattern }) => !isWild && pattern.test(path));
    const allowed = new Set(fitting.map((route) => route.method));
    const why = fault('route-not-found', { method, path: path.slice(0, 200) });
    if (allowed.size === 0 || allowed.has(method)) return refuse(reply, why);
    reply.header('allow', [...allowed].toSorted().join(', '));
    // Load balancers ask `OPTIONS /` and want a success.
    if (method === 'OPTIONS') return reply.code(204).send();
    return refuse(reply, why, 405);
  };
  app.setNotFoundHandler(answer);
  return {
    answer,
    isThere: (method, path) => routes.some((route) => route.method === method && route.pattern.test(path)),
  };
}

/** `/v2/models/:model/infer` and `/docs/*` as find-my-way understands them. */
function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replace(/:[A-Za-z_]+/gu, '[^/]+');
  return new RegExp(`^${source}$`, 'u');
}
