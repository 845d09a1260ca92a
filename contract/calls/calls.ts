import { z } from 'zod';
import { call } from './call.ts';
import type { Client } from './call.ts';
import { accessCalls } from './access.ts';
import { cardCalls } from './cards.ts';
import { exportCalls } from './exports.ts';
import { lifecycleCalls } from './lifecycle.ts';
import { monitorCalls } from './monitor.ts';
import { packCalls } from './pack.ts';
import { runListCalls } from './runs.ts';
import { similarCalls } from './similar.ts';
import { FileRef, ModelRef, RunId, SelectionId } from '../ids.ts';
import { ShellTexts, WindowLook } from './menu.ts';
import { GoldenResult, ModelDetail, ModelSummary, VerifyReport } from '../packs/model.ts';
import { PredictionRecord } from '../runs/prediction.ts';
import { RunItem, RunPage, RunPageQuery, RunSpan, RunSpanItems, RunState, RunSummary } from '../runs/run.ts';
import { Selection } from '../runs/selection.ts';
import { Settings, SettingsPatch } from '../settings.ts';
import { CacheStats, EngineStatus, ProviderReport, ShapeReport, StoreState } from '../serving/status.ts';

export { SelectedFile, Selection } from '../runs/selection.ts';

const nothing = z.void();
const byModel = z.strictObject({ model: ModelRef });
const byRun = z.strictObject({ run: RunId });
const byFile = z.strictObject({ ref: FileRef });

export const AppInfo = z.strictObject({
  version: z.string(),
  electron: z.string(),
  chrome: z.string(),
  node: z.string(),
  onnxruntime: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.number().int(),
  dataFolder: z.string(),
  licences: z.array(z.strictObject({ name: z.string(), version: z.string(), licence: z.string() })),
});
export type AppInfo = z.infer<typeof AppInfo>;

/** Every call, declared once. Preload, IPC and command line are generated from this table. */
export const calls = {
  'app.info': call({ in: nothing, out: AppInfo, clients: ['window'] }),
  'app.status': call({ in: nothing, out: EngineStatus, clients: ['window'] }),
  'app.store': call({ in: nothing, out: StoreState, clients: ['window'] }),
  'app.openDataFolder': call({ in: nothing, out: nothing, clients: ['window'] }),
  'app.copyText': call({
    in: z.strictObject({ text: z.string().max(1_000_000) }),
    out: nothing,
    clients: ['window'],
  }),

  /** Words of the menu bar and of notifications, in the language of the page. */
  'app.words': call({ in: ShellTexts, out: nothing, clients: ['window'] }),
  /** Position and state of the window when it was last closed. */
  'app.look': call({ in: nothing, out: WindowLook, clients: ['window'] }),
  'app.keepLook': call({ in: WindowLook, out: nothing, clients: ['window'] }),

  'settings.get': call({ in: nothing, out: Settings, clients: ['window', 'cli'] }),
  /** Where cards are copied to is chosen in a dialog: no call of the window takes a path to write to. */
  'settings.set': call({
    in: SettingsPatch.omit({ cardFolder: true }),
    out: Settings,
    clients: ['window', 'cli'],
  }),

  'files.choose': call({
    /** `list`: a text file with a path in each line. */
    in: z.strictObject({ kind: z.enum(['photos', 'folder', 'list']) }),
    out: Selection.nullable(),
    clients: ['window'],
  }),
  'files.adopt': call({
    in: z.strictObject({ paths: z.array(z.string().min(1).max(8192)).min(1).max(10_000) }),
    out: Selection,
    clients: ['preload'],
  }),
  'files.paste': call({ in: nothing, out: Selection.nullable(), clients: ['window'] }),
  'files.samples': call({ in: byModel, out: Selection, clients: ['window'] }),
  /** For display only: no call of the window takes a path. */
  'files.place': call({ in: byFile, out: z.strictObject({ path: z.string() }), clients: ['window'] }),
  'files.reveal': call({ in: byFile, out: nothing, clients: ['window'] }),
  /** Opens a picture in the system's default program; other files are refused. */
  'files.open': call({ in: byFile, out: nothing, clients: ['window'] }),
  'files.copyPath': call({ in: byFile, out: nothing, clients: ['window'] }),
  /** Starts a native drag of a file, while the mouse button is down. */
  'files.drag': call({ in: byFile, out: nothing, clients: ['window'] }),

  /** `request` identifies the request for `predict.cancel`. */
  'predict.one': call({
    in: z.strictObject({
      ref: FileRef,
      model: ModelRef,
      request: z.string().max(40),
      /** Fault `task-mismatch` for a model whose task has no such option (`looksThoroughly`). */
      thorough: z.boolean().optional(),
    }),
    out: PredictionRecord,
    clients: ['window'],
  }),
  'predict.cancel': call({
    in: z.strictObject({ request: z.string().max(40) }),
    out: nothing,
    clients: ['window'],
  }),

  ...similarCalls,

  'runs.start': call({
    in: z.strictObject({
      selection: SelectionId,
      model: ModelRef,
      thorough: z.boolean().optional(),
      /** Absent: the name of what was chosen. */
      title: z.string().min(1).max(200).optional(),
    }),
    out: RunState,
    clients: ['window'],
  }),
  'runs.get': call({ in: byRun, out: RunState, clients: ['window'] }),
  'runs.page': call({ in: RunPageQuery, out: RunPage, clients: ['window'] }),
  /** Which items stand in these rows of the list: of all of them at once, where a person selects all. */
  'runs.span': call({ in: RunSpan, out: RunSpanItems, clients: ['window'] }),
  'runs.summary': call({ in: byRun, out: RunSummary, clients: ['window'] }),
  'runs.item': call({
    in: z.strictObject({ run: RunId, seq: z.number().int().min(0) }),
    out: RunItem,
    clients: ['window'],
  }),
  /** Stops a run: finished items are kept, those in progress are cancelled at once. */
  'runs.stop': call({ in: byRun, out: RunState, clients: ['window'] }),
  /** Newest first, those of the command line included. */
  'runs.list': call({ in: nothing, out: z.array(RunState), clients: ['window'] }),
  'runs.pause': call({ in: byRun, out: RunState, clients: ['window'] }),
  'runs.resume': call({ in: byRun, out: RunState, clients: ['window'] }),
  /** Retries the failed items. */
  'runs.retry': call({ in: byRun, out: RunState, clients: ['window'] }),
  /** Starts a new run over the same inputs, with the version used before or with this model. */
  'runs.again': call({
    in: z.strictObject({ run: RunId, model: ModelRef.optional() }),
    out: RunState,
    clients: ['window'],
  }),
  /** Can be undone by `runs.restore` until the window closes. */
  'runs.remove': call({ in: byRun, out: nothing, clients: ['window'] }),
  'runs.restore': call({ in: byRun, out: RunState, clients: ['window'] }),

  'models.list': call({ in: nothing, out: z.array(ModelSummary), clients: ['window', 'cli'] }),
  'models.show': call({ in: byModel, out: ModelDetail, clients: ['window', 'cli'] }),
  'models.verify': call({ in: byModel, out: VerifyReport, clients: ['window', 'cli'] }),
  'models.golden': call({ in: byModel, out: GoldenResult, clients: ['window', 'cli'] }),

  'cache.stats': call({ in: nothing, out: CacheStats, clients: ['window', 'cli'] }),
  /** Answers that a person marked to keep stay. */
  'cache.clear': call({ in: nothing, out: CacheStats, clients: ['window'] }),

  'doctor.providers': call({ in: nothing, out: z.array(ProviderReport), clients: ['window', 'cli'] }),
  'doctor.shapes': call({ in: nothing, out: z.array(ShapeReport), clients: ['window', 'cli'] }),
  /** Discards the stored verdicts on this model's providers and proves them again. */
  'doctor.probe': call({ in: byModel, out: z.array(ProviderReport), clients: ['window', 'cli'] }),
  ...cardCalls,
  ...exportCalls,
  ...runListCalls,
  ...lifecycleCalls,
  ...packCalls,
  ...monitorCalls,
  ...accessCalls,
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.infer<(typeof calls)[N]['in']>;
export type CallOutput<N extends CallName> = z.infer<(typeof calls)[N]['out']>;
/** Names of the calls available to a client. */
export type CallsAt<D extends Client> = {
  [N in CallName]: D extends (typeof calls)[N]['clients'][number] ? N : never;
}[CallName];
export const callNames = Object.keys(calls) as CallName[];
