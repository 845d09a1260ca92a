import { useTranslation } from 'react-i18next';
import type { Timeline, TimelineEntry } from '../../../../contract/lifecycle/timeline.ts';
import { trialParts } from '../../../../contract/lifecycle/trial-weight.ts';
import { showTrial } from '../../../actions/move.ts';
import { useFaultText } from '../../../parts/fault-text.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import type { VersionProps } from './version-props.ts';

/** Where a version came from, who vouches for it, and how it did on this computer. */
export function VersionFacts({ timeline, entry }: VersionProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  const why = whyNot(entry);
  const cameFrom = useCameFrom(timeline, entry);
  return (
    <div className="version-facts muted">
      {why ? (
        <p className="version-why">
          {typeof why === 'string'
            ? t('version.revokedWhy', { reason: why })
            : why.code === 'version-denied'
              ? t('version.byHand')
              : `${faultText.line(why)} ${faultText.hint(why)}`}
        </p>
      ) : null}
      {entry.note ? <p className="version-note">{entry.note}</p> : null}
      {isFromSigner(entry) ? null : <p>{cameFrom}</p>}
      <p>
        {entry.signer
          ? t('version.signedBy', { name: entry.signer.name, at: numbers.date(entry.signer.at) })
          : entry.origin.kind === 'built-in'
            ? null
            : t('version.unsigned')}
      </p>
      <p className="version-line">
        {entry.answers === 0 && entry.state.kind !== 'active' ? null : <Answers entry={entry} />}
        <Proofs timeline={timeline} entry={entry} />
      </p>
    </div>
  );
}

/** An offer comes from whoever signed it; its address is in Settings. */
const isFromSigner = ({ state, origin, signer }: TimelineEntry): boolean =>
  state.kind === 'offered' && origin.name === signer?.name;
const whyNot = (entry: TimelineEntry) =>
  entry.revoked ?? (entry.state.kind === 'failed' ? entry.state.fault : (entry.denied?.fault ?? null));

function useCameFrom(
  { events }: Timeline,
  { origin, state, version, addedAt, changedAt }: TimelineEntry,
): string {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const began = events.find((event) => event.version === version && event.to === 'active')?.at ?? changedAt;
  const from = t(`origin.from.${origin.kind}`, { name: origin.name, at: numbers.date(addedAt) });
  if (state.kind === 'active') return t('version.runningSince', { from, at: numbers.date(began) });
  if (state.kind === 'previous') return t('version.ranUntil', { from, at: numbers.date(changedAt) });
  return `${from}.`;
}

function Answers({ entry }: { readonly entry: TimelineEntry }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const answers = t('version.answers', { count: entry.answers, n: numbers.count(entry.answers) });
  if (!entry.confirmed || entry.confirmed.of === 0) return <span>{answers}.</span>;
  const right = numbers.count(entry.confirmed.right);
  return <span>{t('version.answersRight', { answers, right, of: numbers.count(entry.confirmed.of) })}</span>;
}

function Proofs({ timeline, entry }: VersionProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { golden } = entry;
  const report = timeline.trial?.to === entry.version ? timeline.trial : null;
  const trial = useTrialSums(report);
  return (
    <>
      {golden && golden.total > 0 ? (
        <span>
          {t('version.golden', {
            passed: numbers.count(golden.passed),
            total: numbers.count(golden.total),
            at: numbers.date(golden.at),
          })}
        </span>
      ) : null}
      {report && report.sums.items > 0 ? (
        <button type="button" className="link" onClick={() => showTrial(timeline.model, entry.version)}>
          {trial}
        </button>
      ) : null}
    </>
  );
}

/** How a trial went, confirmed photos apart from the others. */
function useTrialSums(report: Timeline['trial']): string {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (!report) return '';
  const { confirmed, others } = trialParts(report.sums);
  const sums = t('version.trialSums', {
    count: confirmed,
    n: numbers.count(confirmed),
    better: numbers.count(report.sums.better),
    worse: numbers.count(report.sums.worse),
  });
  const rest = t(confirmed > 0 ? 'version.trialOthers' : 'version.trialDiffer', {
    count: others,
    n: numbers.count(others),
    differ: numbers.count(report.sums.differ),
  });
  return [...(confirmed > 0 ? [sums] : []), ...(others > 0 ? [rest] : [])].join('; ');
}
