import type { Timeline, TimelineEntry } from '../../../contract/lifecycle/timeline.ts';
import type { TrialReport } from '../../../contract/lifecycle/trial.ts';
import { trialParts, trialWeight } from '../../../contract/lifecycle/trial-weight.ts';
import type { CheckReport } from '../../../contract/lifecycle/update.ts';
import { bytesText, columns, printable } from '../paint.ts';

const stateTexts: Readonly<Record<TimelineEntry['state']['kind'], string>> = {
  offered: 'offered',
  downloading: 'being fetched',
  downloaded: 'fetched',
  verified: 'verified',
  installed: 'installed',
  'on-trial': 'on trial',
  active: 'answers',
  previous: 'previous',
  swept: 'removed',
  failed: 'failed',
};

export function timelineText({ model, title, policy, versions, trial, canary }: Timeline): string {
  const head = `${printable(title)} (${model}), ${policyText(policy)}`;
  const rows = versions.map((entry) => [
    entry.version,
    stateText(entry),
    entry.size === null
      ? entry.offer
        ? `${bytesText(entry.offer.size)} to fetch`
        : '-'
      : bytesText(entry.size),
    originText(entry),
    entry.golden ? `golden ${entry.golden.passed} of ${entry.golden.total}` : 'golden not run',
    entry.answers > 0 ? `${entry.answers} answers` : '',
  ]);
  const why = versions.flatMap(({ version, state, revoked, denied }) => [
    ...(state.kind === 'failed' ? [`  ${version}: ${state.fault.message} ${state.fault.hint}`] : []),
    ...(denied && state.kind !== 'failed' ? [`  ${version}: ${denied.fault.message}`] : []),
    ...(revoked === null ? [] : [`  ${version}: taken back by its publisher: ${printable(revoked)}`]),
  ]);
  const watched = canary
    ? [`  ${canary.version} on watch: ${canary.answered} of ${canary.of} answers, ${canary.faults} faults`]
    : [];
  return [head, columns(rows), ...why, ...watched, ...(trial ? [trialText(trial)] : []), ''].join('\n');
}

export function trialText({ from, to, basis, sums, missing }: TrialReport): string {
  const { confirmed, others } = trialParts(sums);
  const verdict = {
    none: 'no label was confirmed, so nobody can say which is right',
    few: 'too few to say which version is right more often',
    chance: 'the difference may be chance',
    even: 'no difference',
    clear: 'the difference is hardly chance',
  }[trialWeight(sums)];
  const parts = [
    ...(sums.items === 0 ? ['no item'] : []),
    ...(confirmed > 0
      ? [
          `${confirmed} confirmed: better on ${sums.better}, worse on ${sums.worse}, right in both ${sums.right}, wrong in both ${sums.wrong} (${verdict})`,
        ]
      : []),
    ...(others > 0
      ? [
          `${others} ${basis === 'own' ? 'recent' : 'given'}, not confirmed: another label on ${sums.differ}, the same on ${sums.agree}${confirmed > 0 ? '' : ` (${verdict})`}`,
        ]
      : []),
    ...(missing > 0 ? [`${missing} gone, changed or unreadable`] : []),
  ];
  return `  Trial of ${to} against ${from}: ${parts.join('; ')}`;
}

/** Where the versions that are here came from, and so what brings them back. */
export function waysBack({ versions }: Timeline): string {
  const here = versions.filter(({ state }) =>
    ['installed', 'on-trial', 'active', 'previous'].includes(state.kind),
  );
  const ways = here.map(({ origin, version }) => `the ${origin.kind} ${printable(origin.name)} (${version})`);
  return [...new Set(ways)].join(', ');
}

export function checkText({ source, publisher, dates, offers, withheld, revoked }: CheckReport): string {
  const lines = [
    `${printable(source)}, signed by ${printable(publisher)}, ${dates.issuedAt.slice(0, 10)}, valid until ${dates.expiresAt.slice(0, 10)}${dates.isExpired ? ' (EXPIRED)' : ''}`,
    ...offers.map(
      ({ model, version, size, deltaSize, note }) =>
        `  ${model}@${version}: ${bytesText(deltaSize ?? size)} to fetch${deltaSize === null ? '' : ` of ${bytesText(size)}`}${note ? `. ${printable(note)}` : ''}`,
    ),
    ...withheld.map(
      ({ model, version, fault }) => `  ${model}@${version} is not offered: ${fault.message} [${fault.code}]`,
    ),
    ...revoked.map(
      ({ model, version, reason }) =>
        `  ${model}@${version} was taken back by its publisher: ${printable(reason)}`,
    ),
  ];
  if (offers.length === 0) lines.push('  Nothing new for this computer.');
  return `${lines.join('\n')}\n`;
}

function policyText(policy: Timeline['policy']): string {
  if (policy.kind === 'specific') return `pinned to ${policy.version}`;
  return policy.kind === 'all' ? 'latest answers, all are kept' : 'latest answers';
}

function stateText({ state, version }: TimelineEntry): string {
  const word = stateTexts[state.kind];
  return state.kind === 'on-trial' && state.phase === 'waiting' ? `${word}: switch or keep ${version}` : word;
}

function originText({ origin, signer }: TimelineEntry): string {
  const from = {
    'built-in': 'came with Outpost',
    feed: 'feed',
    folder: 'folder',
    bundle: 'bundle',
    file: 'file',
  }[origin.kind];
  const by = signer
    ? `signed by ${printable(signer.name)}`
    : origin.kind === 'built-in'
      ? ''
      : 'local, unsigned';
  return [origin.kind === 'built-in' ? from : `${from} ${printable(origin.name)}`, by]
    .filter(Boolean)
    .join(', ');
}
