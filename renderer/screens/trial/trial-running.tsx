import { IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';
import type { TrialProgress } from '../../../contract/lifecycle/trial.ts';
import { cancelVersion } from '../../actions/lifecycle.ts';
import { showModels } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { RunStrip } from '../../parts/run-strip.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { trialProgress } from '../../state/lifecycle.ts';

type TrialRunningProps = {
  readonly timeline: Timeline | null;
  readonly version: string;
  readonly from: string;
  /** What changed over the photos in Try, which tells no progress. */
  readonly isComparing: boolean;
};

/** While both versions answer. */
export function TrialRunning({ timeline, version, from, isComparing }: TrialRunningProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const now = progressOf(timeline, version, isComparing);
  const text = now
    ? t(`fetch.${now.phase}`, { n: numbers.count(now.done), all: numbers.count(now.total) })
    : isComparing
      ? t('trial.comparing', { from, to: version })
      : t('trial.none', { version });
  return (
    <div className="trial-running">
      <h2 className="title">
        {t(isComparing ? 'trial.running' : now ? `version.trial.${now.phase}` : 'trial.over')}
      </h2>
      <p className="muted" role="status">
        {text}
      </p>
      {now ? <RunStrip done={now.done} total={now.total} isLive faults={[]} /> : null}
      {now ? <p className="muted">{t('trial.untilDone', { from })}</p> : null}
      <div className="row">
        {now && timeline && !isComparing ? (
          <Button
            icon={<IconPlayerStop size={18} stroke={1.5} aria-hidden="true" />}
            onClick={() => void cancelVersion({ model: timeline.model, version })}
          >
            {t('common.cancel')}
          </Button>
        ) : null}
        <Button tone="quiet" onClick={showModels}>
          {t('trial.back')}
        </Button>
      </div>
    </div>
  );
}

function progressOf(timeline: Timeline | null, version: string, isComparing: boolean): TrialProgress | null {
  if (!timeline) return null;
  const entry = timeline.versions.find((one) => one.version === version);
  if (!isComparing) return entry ? trialProgress(timeline, entry) : null;
  const { progress } = timeline;
  return progress?.version === version && progress.done < progress.total ? progress : null;
}
