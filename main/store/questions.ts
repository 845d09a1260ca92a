import type { Readable, Writable } from './database.ts';
import { answer, digestOf, keepAnswer, knowsSize, lookup, putAnswer, rememberFile } from './answers.ts';
import { cacheStats, history, verifyCache } from './cache.ts';
import {
  confirm,
  confirmation,
  confirmations,
  confirmedByVersion,
  recentInputs,
  unconfirm,
} from './confirmations.ts';
import type { Sentences, SentenceName, Write } from './language.ts';
import {
  answersByVersion,
  commitLifecycle,
  lifecycleEvents,
  lifecycleRows,
  raiseRatchets,
  ratchets,
} from './lifecycle.ts';
import {
  forgetProviders,
  golden,
  joining,
  providers,
  saveGolden,
  saveJoining,
  saveProvider,
  saveShape,
  setSettings,
  shapes,
  storedSettings,
} from './preferences.ts';
import type { createRunViews } from './run-views.ts';
import { addRunItem, findRun, runFaultSeqs, runLabels, runRow, startRun } from './runs.ts';
import { rollUpSeries } from './series-old.ts';
import { addSeries, series } from './series.ts';
import { putTensorAnswer, tensorAnswer } from './tensor-answers.ts';
import { saveToken, tokens, tokenUsed } from './tokens.ts';
import { saveTrial, trial, trialItems } from './trials.ts';
import { assertNever } from '../../contract/assert.ts';

/** A connection with what belongs to it. */
export type Source = { readonly db: Readable; readonly views: ReturnType<typeof createRunViews> };
type Answers<N extends SentenceName, H> = {
  readonly [K in N]: (from: H, input: Sentences[K]['in']) => Sentences[K]['out'];
};

/** Answered from any connection. */
export const questions = {
  'digest-of': ({ db }, file) => digestOf(db, file),
  'knows-size': ({ db }, size) => knowsSize(db, size),
  answer: ({ db }, key) => answer(db, key),
  'tensor-answer': ({ db }, key) => tensorAnswer(db, key),
  lookup: ({ db }, { file, parts }) => lookup(db, file, parts),
  'run-page': ({ views }, query) => views.page(query),
  'run-item': ({ db }, { run, seq }) => {
    const found = findRun(db, run);
    return found ? runRow(db, found.id, seq) : null;
  },
  'run-labels': ({ db }, { run, limit }) => runLabels(db, run, limit),
  'run-fault-seqs': ({ db }, { run, limit }) => runFaultSeqs(db, run, limit),
  settings: ({ db }) => storedSettings(db),
  providers: ({ db }, device) => providers(db, device),
  shapes: ({ db }, device) => shapes(db, device),
  golden: ({ db }, place) => golden(db, place),
  joining: ({ db }, place) => joining(db, place),
  'cache-stats': ({ db }) => cacheStats(db),
  history: ({ db }, query) => history(db, query),
  verify: ({ db }) => verifyCache(db),
  lifecycle: ({ db }) => lifecycleRows(db),
  'lifecycle-events': ({ db }, { model, limit }) => lifecycleEvents(db, model, limit),
  'answers-by-version': ({ db }, model) => answersByVersion(db, model),
  ratchets: ({ db }) => ratchets(db),
  confirmation: ({ db }, { digest, model }) => confirmation(db, digest, model),
  confirmations: ({ db }, { model, limit }) => confirmations(db, model, limit),
  'confirmed-by-version': ({ db }, model) => confirmedByVersion(db, model),
  'recent-inputs': ({ db }, { model, limit }) => recentInputs(db, model, limit),
  trial: ({ db }, { model, to }) => trial(db, model, to),
  'trial-items': ({ db }, query) => trialItems(db, query),
  series: ({ db }, query) => series(db, query),
  tokens: ({ db }) => tokens(db),
} satisfies Answers<QuestionName, Source>;
export type QuestionName = Exclude<SentenceName, ChangeName | 'purge' | 'copy-to' | 'flush' | 'close'>;

/** Changes that somebody waits for. */
export const changes = {
  'keep-answer': (db, { key, kept }) => {
    keepAnswer(db, key, kept);
    return null;
  },
  'start-run': (db, head) => {
    startRun(db, head);
    return null;
  },
  'set-settings': (db, values) => setSettings(db, values),
  'forget-providers': (db, { device, model }) => {
    forgetProviders(db, device, model);
    return null;
  },
  'commit-lifecycle': (db, rows) => {
    commitLifecycle(db, rows);
    return true;
  },
  'raise-ratchets': (db, values) => {
    raiseRatchets(db, values);
    return true;
  },
  confirm: (db, one) => {
    confirm(db, one);
    return null;
  },
  unconfirm: (db, { digest, model }) => {
    unconfirm(db, digest, model);
    return null;
  },
  'save-token': (db, token) => {
    saveToken(db, token);
    return true;
  },
  'save-trial': (db, { report, items }) => {
    saveTrial(db, report, items);
    return null;
  },
} satisfies Answers<ChangeName, Writable>;
export type ChangeName =
  | 'keep-answer'
  | 'start-run'
  | 'set-settings'
  | 'forget-providers'
  | 'commit-lifecycle'
  | 'raise-ratchets'
  | 'confirm'
  | 'unconfirm'
  | 'save-token'
  | 'save-trial';

export const isQuestion = (name: SentenceName): name is QuestionName => name in questions;
/** Changes that a power cut must not take once they were answered. */
export const isLasting = (name: ChangeName): boolean =>
  name === 'commit-lifecycle' || name === 'raise-ratchets' || name === 'save-token';

export const isChange = (name: SentenceName): name is ChangeName => name in changes;

/** Typed by `Sentences` at the door; the table above is checked against it, so the pair belongs together. */
export function answerQuestion(name: QuestionName, source: Source, input: unknown): unknown {
  const answerOne = questions[name] as (from: Source, input: unknown) => unknown;
  return answerOne(source, input);
}

export function makeChange(name: ChangeName, db: Writable, input: unknown): unknown {
  const change = changes[name] as (db: Writable, input: unknown) => unknown;
  return change(db, input);
}

/** Applies a gathered write; the caller holds the transaction. */
export function applyWrite(db: Writable, write: Write): void {
  switch (write.kind) {
    case 'remember-file':
      return rememberFile(db, write.file, write.digest);
    case 'put-answer':
      return putAnswer(db, write, Date.now());
    case 'put-tensor-answer':
      return putTensorAnswer(db, write, Date.now());
    case 'add-run-item':
      return addRunItem(db, write.item);
    case 'save-provider':
      return saveProvider(db, write.device, write.report);
    case 'save-shape':
      return saveShape(db, write.device, write.report);
    case 'save-golden':
      return saveGolden(db, write, write.result);
    case 'save-joining':
      return saveJoining(db, write.place, write.verdict);
    case 'token-used':
      return tokenUsed(db, write.id, write.at);
    case 'add-series':
      addSeries(db, write.entry);
      return rollUpSeries(db, write.nowMs);
    default:
      return assertNever(write);
  }
}
