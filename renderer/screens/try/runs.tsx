import { useState } from 'react';
import { IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isRunLive, isRunResumable } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { goTo } from '../../actions/move.ts';
import { goOnWithRun, removeRun, showRun } from '../../actions/runs.ts';
import { AskRemoveRun } from '../../parts/ask-remove-run.tsx';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { RunStateIcon, useRunStateText } from '../../parts/run-state-icon.tsx';
import { useEndedRuns, useLiveRuns, useRunModel } from '../../state/run-queries.ts';
import './runs.css';

const few = 4;

/** The runs that are stored: one click goes on with what was interrupted, and nothing that was answered is hidden for good. */
export function Runs() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const live = useLiveRuns().data ?? [];
  const ended = useEndedRuns({ search: '', show: 'all' }).data?.pages[0];
  const runs = [...live, ...(ended?.runs ?? [])];
  const more = live.length + (ended?.total ?? 0) - few;
  if (runs.length === 0) return null;
  return (
    <section className="stored-runs" aria-label={t('runs.title')}>
      <h2 className="heading">{t('runs.title')}</h2>
      <ul>
        {runs.slice(0, few).map((run) => (
          <Run key={run.id} run={run} />
        ))}
      </ul>
      {more > 0 ? (
        <button type="button" className="link small" onClick={() => goTo('runs')}>
          {t('runs.more', { n: numbers.count(more) })}
        </button>
      ) : null}
    </section>
  );
}

function Run({ run }: { readonly run: RunState }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const stateText = useRunStateText();
  const model = useRunModel(run);
  const { answered, faults, found } = run.counts;
  return (
    <li className="stored-run">
      <RunStateIcon run={run} />
      <button
        type="button"
        className="link stored-run-title cut"
        title={run.title}
        onClick={() => showRun(run)}
      >
        {run.title}
      </button>
      <span className="small muted cut">
        {model?.title ?? run.model} {run.version}
      </span>
      <span className={run.kind === 'interrupted' ? 'small' : 'small muted'}>
        {stateText(run)},{' '}
        {t('status.run', { done: numbers.count(answered + faults), found: numbers.count(found) })}
      </span>
      <span className="small tone-danger">
        {faults > 0 ? t('runs.notRead', { count: faults, n: numbers.count(faults) }) : null}
      </span>
      <Acts run={run} />
    </li>
  );
}

function Acts({ run }: { readonly run: RunState }) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  if (isRunLive(run)) return <span />;
  if (isAsking)
    return <AskRemoveRun onRemove={() => void removeRun(run)} onKeep={() => setIsAsking(false)} />;
  return (
    <span className="row end">
      {isRunResumable(run) ? (
        <Button
          size="small"
          icon={<IconPlayerPlay size={16} stroke={1.5} aria-hidden="true" />}
          aria-label={t('runs.goOnWith', { title: run.title })}
          onClick={() => {
            void goOnWithRun(run.id);
            showRun(run);
          }}
        >
          {t('run.goOn')}
        </Button>
      ) : null}
      <Button
        size="small"
        tone="quiet"
        aria-label={t('runs.removeOne', { title: run.title })}
        title={t('runs.remove')}
        icon={<IconTrash size={16} stroke={1.5} aria-hidden="true" />}
        onClick={() => setIsAsking(true)}
      />
    </span>
  );
}
