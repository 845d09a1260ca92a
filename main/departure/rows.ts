import type { DepartureRow } from '../../contract/lifecycle/departure.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import type { CanaryReport } from '../../contract/lifecycle/lifecycle.ts';
import type { GoldenResult, VerifyReport } from '../../contract/packs/model.ts';
import type { ProviderReport, StoreState } from '../../contract/serving/status.ts';
import type { FeedDates } from '../../contract/lifecycle/update.ts';
import type { Power } from '../lib/power.ts';

type RowParts = Pick<DepartureRow, 'state' | 'word' | 'text'> &
  Partial<Pick<DepartureRow, 'params' | 'todo' | 'fault'>>;
const row = (check: DepartureRow['check'], parts: RowParts): DepartureRow => ({
  check,
  params: {},
  todo: '',
  fault: null,
  ...parts,
});

const dayMs = 86_400_000;
/** A feed that ends within this is worth a look before weeks without a network. */
const soonDays = 21;
/** Fewer photos than a card of a camera trap holds. */
const fewPhotos = 2_000;
const somePhotos = 50_000;
/** More than anybody will take: the number would only look exact. */
const manyPhotos = 1_000_000;
const fewHours = 2;
/** Clocks of field laptops drift; more than this is a wrong clock. */
const driftMs = 3_600_000;

export function modelsRow(reports: readonly VerifyReport[], refused: readonly Fault[]): DepartureRow {
  const wrong = reports.flatMap(({ files }) => files.flatMap(({ fault }) => fault ?? []));
  const fault = wrong[0] ?? refused[0] ?? null;
  const params = { models: reports.length, files: reports.reduce((sum, { files }) => sum + files.length, 0) };
  if (fault)
    return row('models', {
      state: 'stop',
      word: 'damaged',
      params,
      text: fault.message,
      todo: fault.hint,
      fault,
    });
  if (reports.length === 0)
    return row('models', {
      state: 'stop',
      word: 'none',
      text: 'There is no model on this computer.',
      todo: 'Install one.',
    });
  return row('models', {
    state: 'ok',
    word: 'whole',
    params,
    text: `${count(reports.length, 'model')} verified, ${params.files} files.`,
  });
}

export type GoldenRun = {
  readonly model: string;
  /** What a person calls it: title and version. */
  readonly title: string;
  readonly result: GoldenResult | null;
  readonly fault: Fault | null;
};

export function goldenRow(runs: readonly GoldenRun[]): DepartureRow {
  const bad = runs.find(
    ({ result, fault }) => fault !== null || (result !== null && result.passed < result.total),
  );
  const passed = runs.reduce((sum, { result }) => sum + (result?.passed ?? 0), 0);
  const total = runs.reduce((sum, { result }) => sum + (result?.total ?? 0), 0);
  if (bad)
    return row('golden', {
      state: 'stop',
      word: 'failed',
      params: { model: bad.title, passed, total },
      text:
        bad.fault?.message ??
        `${bad.title} gave ${bad.result!.total - bad.result!.passed} of ${bad.result!.total} golden samples wrong.`,
      todo: `Go back to the version before, or repair it: outpost models repair ${bad.model}`,
      fault: bad.fault,
    });
  return row('golden', {
    state: total === 0 ? 'unknown' : 'ok',
    word: total === 0 ? 'none' : 'passed',
    params: { passed, total },
    text:
      total === 0
        ? 'No model brings golden samples.'
        : `${passed} of ${total} golden samples passed, without a network.`,
  });
}

export function providersRow(reports: readonly ProviderReport[], inUse: string): DepartureRow {
  const lost = reports.filter(({ verdict }) => verdict.kind === 'crashed' || verdict.kind === 'wrong');
  return row('providers', {
    state: lost.length > 0 ? 'look' : 'ok',
    word: lost.length > 0 ? 'left-out' : 'runs',
    params: { provider: inUse, leftOut: lost.map(({ provider }) => provider).join(', ') },
    text: `${nameOf(inUse)}${lost.length > 0 ? `; left out, as it gave other numbers or crashed: ${lost.map(({ provider }) => nameOf(provider)).join(', ')}` : ''}.`,
  });
}

export function diskRow(freeBytes: number, bytesPerResult: number): DepartureRow {
  const photos = Math.floor(freeBytes / bytesPerResult);
  const isShort = photos < fewPhotos;
  const state = isShort ? 'stop' : photos < somePhotos ? 'look' : 'ok';
  return row('disk', {
    state,
    word: state !== 'ok' ? 'short' : photos > manyPhotos ? 'plenty' : 'room',
    params: { freeBytes, photos },
    text: `${bytes(freeBytes)} free: room for the answers of ${photos > manyPhotos ? 'more than a million' : `about ${twoDigits(photos)}`} photos.`,
    todo: state === 'ok' ? '' : 'Free some space, or lower the largest size of the cache in Settings.',
  });
}

export function licenceRow(
  models: readonly { readonly title: string; readonly licence: string }[],
): DepartureRow {
  const all = [...new Set(models.map(({ licence }) => licence))].sort().join(', ');
  return row('licence', {
    state: 'ok',
    word: 'no-end',
    params: { licences: all },
    text: `Licences: ${all || 'none'}. None of them ends by date, and none asks the network.`,
  });
}

export function feedRow(feed: (FeedDates & { readonly publisher: string }) | null, now: Date): DepartureRow {
  if (!feed)
    return row('feed', {
      state: 'ok',
      word: 'none',
      text: 'No feed was checked; what is installed does not need one.',
    });
  const days = Math.floor((Date.parse(feed.expiresAt) - now.getTime()) / dayMs);
  const params = { publisher: feed.publisher, expiresAt: feed.expiresAt, days };
  if (days < 0)
    return row('feed', {
      state: 'look',
      word: 'expired',
      params,
      text: `The feed of ${feed.publisher} ended ${feed.expiresAt.slice(0, 10)}. What is installed goes on.`,
      todo: 'Check for updates once more while there is a network.',
    });
  return row('feed', {
    state: days < soonDays ? 'look' : 'ok',
    word: days < soonDays ? 'ends-soon' : 'valid',
    params,
    text: `The feed of ${feed.publisher} is valid for ${count(days, 'more day')}.`,
    todo: days < soonDays ? 'Check for updates once more while there is a network.' : '',
  });
}

export function clockRow(now: Date, seen: readonly Date[]): DepartureRow {
  const newest = new Date(Math.max(0, ...seen.map((date) => date.getTime())));
  const isBehind = newest.getTime() - now.getTime() > driftMs;
  return row('clock', {
    state: isBehind ? 'stop' : 'ok',
    word: isBehind ? 'behind' : 'plausible',
    params: { now: now.toISOString(), seen: newest.toISOString() },
    text: isBehind
      ? `The clock says ${minutes(now)}, but something here is from ${minutes(newest)}.`
      : `The clock says ${minutes(now)} UTC.`,
    todo: isBehind ? 'Set the clock: photos and feeds are told apart by their times.' : '',
  });
}

/** `rate` in photos a second, as measured on this computer with all its cores. */
export function batteryRow(power: Power, rate: number | null): DepartureRow {
  if (power.kind === 'unknown')
    return row('battery', {
      state: 'unknown',
      word: 'unknown',
      text: 'This computer does not say how much power it has.',
    });
  if (power.kind === 'mains')
    return row('battery', { state: 'ok', word: 'mains', text: 'This computer has no battery to run down.' });
  const percent = Math.round(power.charge * 100);
  const { hoursLeft } = power;
  const photos = hoursLeft !== null && rate !== null ? Math.floor(hoursLeft * 3600 * rate) : null;
  const isLow = hoursLeft !== null ? hoursLeft < fewHours : power.charge < 0.5;
  const last =
    hoursLeft === null
      ? ''
      : `: about ${hoursLeft.toFixed(1)} h at what it draws now${photos === null ? '' : `, or about ${twoDigits(photos)} photos`}`;
  return row('battery', {
    state: isLow && !power.isCharging ? 'look' : 'ok',
    word: power.isCharging ? 'charging' : isLow ? 'low' : 'charged',
    params: { percent, ...(hoursLeft !== null && { hours: hoursLeft }), ...(photos !== null && { photos }) },
    text: `Battery ${percent} %${power.isCharging ? ', charging' : last}.`,
    todo: isLow && !power.isCharging ? 'Charge it before leaving.' : '',
  });
}

export function storeRow(state: StoreState): DepartureRow {
  if (state.kind === 'ready')
    return row('store', { state: 'ok', word: 'ready', text: 'Answers are stored.' });
  if (state.kind === 'replaced')
    return row('store', {
      state: 'look',
      word: 'replaced',
      text: `A new store holds the answers; the old one was set aside (${state.reason}).`,
    });
  return row('store', {
    state: 'stop',
    word: state.kind,
    text: `Answers are not stored: ${state.reason}.`,
    todo:
      state.kind === 'disk-full'
        ? 'Free some space.'
        : 'Give permission to write, or choose another data folder.',
  });
}

/** A version whose first answers are watched may hand over to the one before it while nobody can fetch another. */
export function trialRow(
  watched: readonly CanaryReport[],
  titles: ReadonlyMap<string, string>,
): DepartureRow {
  const [first] = watched.filter(({ answered, of }) => answered < of);
  if (!first)
    return row('trial', { state: 'ok', word: 'none', text: 'No new version is still being watched.' });
  const { version, answered, of } = first;
  const model = titles.get(first.model) ?? first.model;
  return row('trial', {
    state: 'look',
    word: 'first-answers',
    params: { model, version, answered, of },
    text: `${model} ${version} is new and still being watched: ${answered} of ${of} answers. If it fails, the version before it answers again.`,
    todo: 'Let it answer some photos before leaving, or roll back.',
  });
}

const providerNames: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
};
const nameOf = (provider: string): string => providerNames[provider] ?? provider;
const twoDigits = (n: number): string => n.toLocaleString('en', { maximumSignificantDigits: 2 });
function bytes(value: number): string {
  const [unit, name] = value >= 1e12 ? [1e12, 'TB'] : value >= 1e9 ? [1e9, 'GB'] : [1e6, 'MB'];
  return `${(value / unit).toLocaleString('en', { maximumSignificantDigits: 3 })} ${name}`;
}
const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? '' : 's'}`;
const minutes = (date: Date): string => date.toISOString().slice(0, 16).replace('T', ' ');
