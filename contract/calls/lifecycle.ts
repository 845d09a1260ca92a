import { z } from 'zod';
import { call } from './call.ts';
import { DepartureReport, DepartureTexts } from '../lifecycle/departure.ts';
import { FileRef, PackId, RunId, SelectionId, Version } from '../ids.ts';
import { VersionPolicy } from '../lifecycle/lifecycle.ts';
import { PickedItems } from '../runs/run.ts';
import { Timeline, VersionRef } from '../lifecycle/timeline.ts';
import { TrialItem, TrialItemQuery, TrialReport } from '../lifecycle/trial.ts';
import { AppUpdateState, CheckReport, ImportPreview, UpdatesState } from '../lifecycle/update.ts';

const nothing = z.void();
const ConfirmedLabel = z.strictObject({ id: z.string().max(200), name: z.string().max(400) });
const byModelId = z.strictObject({ model: PackId });

/**
 * Calls of the model lifecycle. Long ones return when begun or done, as stated; their progress is announced by
 * `lifecycle-changed`.
 */
export const lifecycleCalls = {
  'lifecycle.list': call({ in: nothing, out: z.array(Timeline), clients: ['window', 'cli'] }),
  'lifecycle.show': call({ in: byModelId, out: Timeline, clients: ['window', 'cli'] }),
  /**
   * Downloads, verifies, installs and tries an offered version; returns when its trial waits for a person, or with the
   * fault.
   */
  'lifecycle.get': call({ in: VersionRef, out: Timeline, clients: ['window', 'cli'] }),
  /**
   * Gets the parts of an installed pack that are missing, from the feed of the settings, each tried as a model of its own; returns
   * when all are there, or with the fault.
   */
  'lifecycle.getParts': call({ in: VersionRef, out: Timeline, clients: ['window'] }),
  /** Cancels a download or trial; a partial download is kept and resumed next time. */
  'lifecycle.cancel': call({ in: VersionRef, out: Timeline, clients: ['window'] }),
  /** Runs golden samples and shadow run of an installed version. */
  'lifecycle.try': call({ in: VersionRef, out: Timeline, clients: ['window', 'cli'] }),
  'lifecycle.switch': call({ in: VersionRef, out: Timeline, clients: ['window', 'cli'] }),
  'lifecycle.keep': call({ in: VersionRef, out: Timeline, clients: ['window', 'cli'] }),
  'lifecycle.rollBack': call({ in: byModelId, out: Timeline, clients: ['window', 'cli'] }),
  'lifecycle.policy': call({
    in: z.strictObject({ model: PackId, policy: VersionPolicy }),
    out: Timeline,
    clients: ['window', 'cli'],
  }),
  'lifecycle.remove': call({ in: VersionRef, out: Timeline, clients: ['window', 'cli'] }),
  /**
   * Removes every version of an installed model, after its runs, downloads and workers have ended. Answers and
   * confirmations stay.
   */
  'lifecycle.removeModel': call({ in: byModelId, out: Timeline, clients: ['window', 'cli'] }),
  /** Replaces damaged files of a version from the feed, or from `source`. */
  'lifecycle.repair': call({
    in: VersionRef.extend({ source: FileRef.optional() }),
    out: Timeline,
    clients: ['window', 'cli'],
  }),
  /** Asks for the destination; null when nothing was chosen. */
  'lifecycle.export': call({
    in: VersionRef,
    out: z.strictObject({ name: z.string(), size: z.number() }).nullable(),
    clients: ['window'],
  }),

  /** Asks for a pack, bundle, model file or feed folder; null when nothing was chosen. */
  'import.choose': call({
    in: z.strictObject({ kind: z.enum(['file', 'folder']) }),
    out: z.strictObject({ ref: FileRef, preview: ImportPreview }).nullable(),
    clients: ['window'],
  }),
  'import.preview': call({ in: z.strictObject({ ref: FileRef }), out: ImportPreview, clients: ['window'] }),
  /** Installs and tries what the preview showed; `consentExpired` after the user saw that the feed has expired. */
  'import.install': call({
    in: z.strictObject({
      ref: FileRef,
      /** For a feed or bundle; absent for a pack. */
      version: VersionRef.optional(),
      consentExpired: z.boolean(),
    }),
    out: Timeline,
    clients: ['window'],
  }),

  'trial.items': call({
    in: TrialItemQuery,
    out: z.strictObject({ items: z.array(TrialItem), total: z.number().int() }),
    clients: ['window'],
  }),
  /** Compares both versions over a selection or a former run. */
  'trial.compare': call({
    in: z.strictObject({
      model: PackId,
      from: Version,
      to: Version,
      over: z.union([z.strictObject({ selection: SelectionId }), z.strictObject({ run: RunId })]),
    }),
    out: TrialReport,
    clients: ['window'],
  }),
  /** Confirms the right label of a file; null removes the confirmation. */
  'answers.confirm': call({
    in: z.strictObject({
      ref: FileRef,
      digest: z.string().max(80),
      model: PackId,
      label: ConfirmedLabel.nullable(),
    }),
    out: nothing,
    clients: ['window'],
  }),
  /**
   * Confirms one label for all of these items, or for each the label of its own answer. `unanswered`: items left as they were, since
   * they have no stored answer. `act` takes all of it back, until the next one or until the window closes; null: nothing changed.
   */
  'answers.confirmItems': call({
    in: PickedItems.extend({ label: z.union([ConfirmedLabel, z.literal('own')]) }),
    out: z.strictObject({
      act: z.string().nullable(),
      confirmed: z.number().int(),
      unanswered: z.number().int(),
    }),
    clients: ['window'],
  }),
  /** Photos that were confirmed once more since stay as they are. */
  'answers.takeBackItems': call({
    in: z.strictObject({ act: z.string().max(40) }),
    out: nothing,
    clients: ['window'],
  }),
  'answers.confirmed': call({
    in: z.strictObject({ digest: z.string().max(80), model: PackId }),
    out: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
    clients: ['window'],
  }),

  'updates.state': call({ in: nothing, out: UpdatesState, clients: ['window', 'cli'] }),
  /** Checks the configured feed for updates. */
  'updates.check': call({ in: nothing, out: CheckReport, clients: ['window', 'cli'] }),
  /** Asks for a folder to use as the feed; null when nothing was chosen. */
  'updates.chooseFeed': call({ in: nothing, out: z.string().nullable(), clients: ['window'] }),
  /** Asks for a root.json and describes its publisher; only `updates.trust` trusts it. */
  'updates.chooseRoot': call({
    in: nothing,
    out: z
      .strictObject({
        ref: FileRef,
        publisher: z.string(),
        fingerprint: z.string(),
        keys: z.number().int(),
        threshold: z.number().int(),
        expires: z.string(),
      })
      .nullable(),
    clients: ['window'],
  }),
  'updates.trust': call({
    in: z.strictObject({ ref: FileRef, fingerprint: z.string().max(100) }),
    out: UpdatesState,
    clients: ['window'],
  }),
  'updates.distrust': call({
    in: z.strictObject({ fingerprint: z.string().max(100) }),
    out: UpdatesState,
    clients: ['window'],
  }),

  'updates.app': call({ in: nothing, out: AppUpdateState, clients: ['window'] }),
  'updates.appGet': call({ in: nothing, out: AppUpdateState, clients: ['window'] }),
  'updates.appInstall': call({ in: nothing, out: nothing, clients: ['window'] }),

  'depart.check': call({ in: nothing, out: DepartureReport, clients: ['window', 'cli'] }),
  /** Saves the last check as a printable page in the language of the window; null when no place was chosen. */
  'depart.save': call({
    in: DepartureTexts,
    out: z.strictObject({ name: z.string() }).nullable(),
    clients: ['window'],
  }),
} as const;
