import { IconEye, IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isRunLive, isWaitingForPower } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { showFault, showRows } from '../../actions/look-at-run.ts';
import { showRun } from '../../actions/runs.ts';
import { Button } from '../../parts/button.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { ModelVersion } from '../../parts/model-version.tsx';
import { Rate, useNumbers } from '../../parts/numbers.tsx';
import { useRunModel } from '../../state/run-queries.ts';
import { PhaseRows, RunActs, useLeftText } from '../run/index.ts';
import { RunStateIcon, useRunStateText } from '../../parts/run-state-icon.tsx';

/** A run that is under way or waits for something: how far it is, and what can be done with it. */
export function RunCard({ run }: { readonly run: RunState }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const stateText = useRunStateText();
  const faultText = useFaultText();
  const left = useLeftText()(run);
  const model = useRunModel(run);
  const { counts } = run;
  const isLive = isRunLive(run);
  return (
    <article className="run-card" aria-label={run.title}>
      <div className="row run-card-head">
        <RunStateIcon run={run} />
        <h2 className="heading cut" title={run.title}>
          {run.title}
        </h2>
        {run.isWatching ? (
          <span className="state-word muted" title={t('runs.watchingHint')}>
            <IconEye size={16} stroke={1.5} aria-hidden="true" />
            {t('runs.watching')}
          </span>
        ) : null}
        <span className="row end run-card-acts">
          <Button
            tone="quiet"
            icon={<IconFolderOpen size={18} stroke={1.5} aria-hidden="true" />}
            aria-label={t('runs.lookAt', { title: run.title })}
            onClick={() => showRun(run)}
          >
            {t('runs.look')}
          </Button>
          <RunActs state={run} />
        </span>
      </div>
      <div className="run-card-facts">
        <span>
          <span className="title number">{numbers.count(counts.answered + counts.faults)}</span>{' '}
          <span className="muted">
            {t(counts.scanned ? 'runs.of' : 'run.ofSoFar', { found: numbers.count(counts.found) })}
          </span>
        </span>
        {isLive && run.rate > 0 ? <Rate value={run.rate} /> : null}
        {isLive ? left === null ? null : <span>{t('runs.left', { time: left })}</span> : null}
        {isLive || isWaitingForPower(run) ? null : <span>{stateText(run)}</span>}
        <span className="muted run-card-model">
          <ModelVersion
            title={model?.title ?? run.model}
            version={run.version}
            after={run.owner === 'elsewhere' ? `, ${t(`runs.by.${run.startedBy ?? 'cli'}`)}` : ''}
          />
        </span>
        {counts.faults > 0 ? (
          <button
            type="button"
            className="link tone-danger end"
            onClick={() => {
              showFault(run.id, null);
              showRows(run.id, 'faults');
              showRun(run);
            }}
          >
            {t('run.unread', { count: counts.faults, n: numbers.count(counts.faults) })}
          </button>
        ) : null}
      </div>
      <PhaseRows state={run} />
      {run.kind === 'paused' && run.fault ? (
        <p className="small" role="status">
          {faultText.line(run.fault)} <span className="muted">{faultText.hint(run.fault)}</span>
        </p>
      ) : null}
    </article>
  );
}
