import type { FastifyInstance } from 'fastify';
import type { AccessEntry, Caller, HttpContext } from '../server/index.ts';
import { budgetFamilies } from './budget.ts';
import type { BudgetFigures } from './budget.ts';
import { createCounts } from './counts.ts';
import { createEnds } from './ends.ts';
import type { HttpWorkerEnd } from './ends.ts';
import { outpostFamilies } from './families.ts';
import { textOf } from './family.ts';
import { createHttpCounts } from './http.ts';
import { processFamilies } from './process.ts';
import { createRecent } from './recent.ts';
import { tensorflowFamilies } from './tensorflow.ts';

export type Metrics = {
  /** For the server core: each HTTP request that was answered. */
  countHttp(entry: AccessEntry): void;
  /** What a caller may see: models that it may not ask for have no values. */
  text(caller: Caller): Promise<{ readonly type: string; readonly text: string }>;
  /** Stops listening to the engine. */
  close(): void;
};

/** `budget`: of the requests that are counted, in whatever process. */
type Counted = Pick<HttpContext, 'serving' | 'appVersion' | 'mayAsk'> & {
  readonly budget: BudgetFigures;
};

/** Negative cache: an unknown version is looked up again after this time at most, however many made-up names come. */
const lookAgainMs = 1_000;

type OpenedMetrics = Metrics & {
  /** For the arbiter: each unexpected end of an HTTP worker. */
  countEnd(end: HttpWorkerEnd): void;
};

/** Starts counting; the caller closes it. */
export function openMetrics({ serving, appVersion, mayAsk, budget }: Counted): OpenedMetrics {
  let known = new Map<string, string>();
  let lookedMs = -Infinity;
  const shownAs = (model: string, version: string): string | null => {
    const ref = `${model}@${version}`;
    const shown = known.get(ref);
    if (shown !== undefined) return shown;
    if (performance.now() - lookedMs < lookAgainMs) return null;
    lookedMs = performance.now();
    known = new Map(serving.catalogue().map((one) => [one.ref, one.shownVersion]));
    return known.get(ref) ?? null;
  };
  const counts = createCounts(shownAs);
  const recent = createRecent();
  const http = createHttpCounts();
  const ends = createEnds(serving.catalogue);
  const stop = serving.onServed((served) => {
    counts.record(served);
    recent.record(served);
  });
  return {
    countHttp: http.count,
    countEnd: ends.count,
    async text(caller) {
      const status = serving.status();
      const isShown = (model: string): boolean => model === '' || mayAsk(caller, model) === null;
      const cells = [...counts.cells()].filter(({ model }) => isShown(model));
      return textOf([
        ...outpostFamilies({
          cells,
          versions: serving.catalogue().filter(({ id }) => isShown(id)),
          status,
          isReady: serving.isReady(),
          appVersion,
          queueWaitP95: recent.queueWaitP95(),
          utilisation: recent.utilisation(status.workers),
        }),
        ...ends.families(isShown),
        ...http.families(),
        ...budgetFamilies(budget),
        ...tensorflowFamilies(cells),
        ...processFamilies(),
      ]);
    },
    close: stop,
  };
}

/** `/metrics`, and the same under TensorFlow Serving's path. Without `metrics` it counts by itself until the server closes. */
export function metricsRoutes(app: FastifyInstance, context: HttpContext, given?: Metrics): void {
  const metrics = given ?? openMetrics(context);
  if (!given) app.addHook('onClose', () => metrics.close());
  for (const path of ['/metrics', '/monitoring/prometheus/metrics'])
    app.get(path, async (request, reply) => {
      const { type, text } = await metrics.text(request.caller);
      return reply.type(type).header('cache-control', 'no-store').send(text);
    });
}
