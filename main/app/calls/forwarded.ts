import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { CallInput } from '../../../contract/calls/calls.ts';
import type { AppCall, Handlers, HandlerValue } from '../ipc.ts';
import type { Opened } from './parts.ts';

type Rows<Output extends { readonly [N in AppCall]: unknown }> = {
  readonly [N in AppCall]?: (opened: Opened, input: CallInput<N>) => Output[N] | Promise<Output[N]>;
};

/** Calls that the opened program answers as it stands, and that have no expected failure. */
const values = {
  'app.status': ({ engine }) => engine.status(),
  'app.store': ({ store }) => store.state(),
  'cache.stats': ({ store }) => store.cacheStats(),
  'cache.clear': ({ store }) => store.purge({ all: true }).then(() => store.cacheStats()),
  'doctor.providers': ({ engine }) => engine.doctor.providers(),
  'doctor.shapes': ({ engine }) => engine.doctor.shapes(),
  'lifecycle.list': ({ lifecycle }) => lifecycle.list(),
  'models.list': ({ engine }) => engine.models.list(),
  'monitor.series': ({ meter }, query) => meter.query(query),
  'runs.live': ({ engine }) => engine.runs.live(),
  'runs.ended': ({ engine }, query) =>
    engine.runs.ended(query).then(({ runs, total }) => ({ runs: [...runs], total })),
  'runs.list': ({ engine }) => engine.runs.list().then((runs) => [...runs]),
  'runs.summary': ({ engine }, { run }) => engine.runs.summary(run),
  'settings.get': ({ engine }) => engine.settings.get(),
  'settings.set': ({ engine }, patch) => engine.settings.set(patch),
} satisfies Rows<{ readonly [N in AppCall]: HandlerValue<N> }>;

/** The same for calls that may fail: their outcome is passed on. */
const outcomes = {
  'answers.confirmItems': ({ lifecycle }, asked) => lifecycle.confirmItems(asked),
  'answers.takeBackItems': ({ lifecycle }, { act }) => lifecycle.takeBackItems(act),
  'doctor.probe': ({ engine }, { model }) => engine.doctor.probe(model),
  'lifecycle.show': ({ lifecycle }, { model }) => lifecycle.show(model),
  'lifecycle.get': ({ lifecycle }, version) => lifecycle.get({ ...version, byHand: true }),
  'lifecycle.getParts': ({ lifecycle }, version) => lifecycle.getParts(version),
  'lifecycle.cancel': ({ lifecycle }, version) => lifecycle.cancel(version),
  'lifecycle.try': ({ lifecycle }, version) => lifecycle.try(version),
  'lifecycle.switch': ({ lifecycle }, version) => lifecycle.switchTo(version),
  'lifecycle.keep': ({ lifecycle }, version) => lifecycle.keep(version),
  'lifecycle.rollBack': ({ lifecycle }, { model }) => lifecycle.rollBack(model),
  'lifecycle.policy': ({ lifecycle }, { model, policy }) => lifecycle.setPolicy(model, policy),
  'lifecycle.remove': ({ lifecycle }, version) => lifecycle.remove(version),
  'lifecycle.removeModel': ({ lifecycle }, { model }) => lifecycle.removeModel(model),
  'models.show': ({ engine }, { model }) => engine.models.show(model),
  'models.verify': ({ engine }, { model }) => engine.models.verify(model),
  'models.golden': ({ engine }, { model }) => engine.models.golden(model),
  'runs.get': ({ engine }, { run }) => engine.runs.get(run),
  'runs.stop': ({ engine }, { run }) => engine.runs.stop(run),
  'runs.pause': ({ engine }, { run }) => engine.runs.pause(run),
  'runs.resume': ({ engine }, { run }) => engine.runs.resume(run),
  'runs.retry': ({ engine }, { run }) => engine.runs.retry(run),
  'runs.again': ({ engine }, { run, model }) => engine.runs.again(run, model),
  'runs.remove': ({ engine }, { run }) => engine.runs.remove(run),
  'runs.facets': ({ engine }, { run }) => engine.runs.facets(run),
  'runs.folders': ({ engine }, { run }) => engine.runs.folders(run),
  'runs.setFolder': ({ engine }, { run, ...change }) => engine.runs.setFolder(run, change),
  'runs.restore': ({ engine }, { run }) => engine.runs.restore(run),
  'updates.check': ({ lifecycle }) => lifecycle.check(),
} satisfies Rows<{ readonly [N in AppCall]: Outcome<HandlerValue<N>> }>;

type Row = (opened: Opened, input: unknown) => unknown;
type Forwarded = Pick<Handlers, keyof typeof values | keyof typeof outcomes>;

/** Handlers of all rows: each waits until the program is opened. The casts are made good by the types of the tables. */
export function forwardCalls(opened: () => Promise<Opened>): Forwarded {
  const answerValue = (row: Row) => async (input: unknown) => ok(await row(await opened(), input));
  const callOutcome = (row: Row) => async (input: unknown) => row(await opened(), input);
  return Object.fromEntries([
    ...Object.entries(values).map(([name, row]) => [name, answerValue(row as Row)]),
    ...Object.entries(outcomes).map(([name, row]) => [name, callOutcome(row as Row)]),
  ]) as Forwarded;
}
