import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { doneKind, isRunResumable } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { showRows } from '../../actions/look-at-run.ts';
import { removeRun, showRun } from '../../actions/runs.ts';
import { AskRemoveRun } from '../../parts/ask-remove-run.tsx';
import { ModelVersion } from '../../parts/model-version.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { useRunModel } from '../../state/run-queries.ts';
import { RunMenu } from './run-menu.tsx';
import { RunNext } from './run-next.tsx';
import { RunStateIcon, useRunStateText } from '../../parts/run-state-icon.tsx';

type RunLineProps = { readonly run: RunState; readonly index: number; readonly top: number };

/** A run that is over: what it was, what is missing of it, and the next thing to do with it. */
export function RunLine({ run, index, top }: RunLineProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [isAsking, setIsAsking] = useState(false);
  const model = useRunModel(run);
  const stateText = useRunStateText();
  const { found, answered, faults } = run.counts;
  const done = answered + faults;
  const missing = isRunResumable(run) ? Math.max(0, found - done) : 0;
  const count = t('run.phase.found', { count: done, n: numbers.count(done) });
  const notRead = t('runs.notRead', { count: faults, n: numbers.count(faults) });
  const before = [
    ...(run.kind === 'done' && doneKind(run) === 'done' ? [] : [stateText(run)]),
    ...(run.isWatching ? [t('runs.watching')] : []),
    // What tells runs of one folder apart is not what is cut.
    numbers.moment(run.startedAt),
    '',
  ].join(', ');
  const isOfWindow = run.startedBy === null || run.startedBy === 'window';
  return (
    <li
      className="run-line"
      style={{ transform: `translateY(${top}px)` }}
      data-run-index={index}
      aria-label={run.title}
    >
      <RunStateIcon run={run} />
      <span className="run-line-name">
        <button type="button" className="run-line-title" title={run.title} onClick={() => showRun(run)}>
          <MiddleCut text={run.title} />
        </button>
        <span className="small cut run-line-brief" data-faults={faults > 0 || undefined}>
          <span className="run-line-brief-count">
            {missing > 0
              ? t('status.run', { done: numbers.count(done), found: numbers.count(found) })
              : count}
            {faults > 0 ? ', ' : ''}
          </span>
          {faults > 0 ? <span className="tone-danger">{notRead}</span> : null}
        </span>
        <span className="small muted run-line-facts">
          <ModelVersion
            before={before}
            title={model?.title ?? run.model}
            version={run.version}
            after={isOfWindow ? '' : `, ${t(`runs.by.${run.startedBy}`)}`}
          />
        </span>
      </span>
      {isAsking ? (
        <span className="run-line-ask">
          <AskRemoveRun onRemove={() => void removeRun(run)} onKeep={() => setIsAsking(false)} />
        </span>
      ) : (
        <>
          <span className="number run-line-count">
            {numbers.count(done)}
            {missing > 0 || (found > done && run.kind !== 'done') ? (
              <span className="small muted">{t('runs.of', { found: numbers.count(found) })}</span>
            ) : null}
          </span>
          <span className="run-line-faults">
            {faults > 0 ? (
              <button
                type="button"
                className="link tone-danger"
                onClick={() => {
                  showRows(run.id, 'faults');
                  showRun(run);
                }}
              >
                {notRead}
              </button>
            ) : (
              <span className="muted">{t(done === 0 ? 'runs.noPhotos' : 'runs.noFaults')}</span>
            )}
          </span>
          <span className="row end run-line-acts">
            <RunNext run={run} size="small" />
            <RunMenu run={run} onRemove={() => setIsAsking(true)} />
          </span>
        </>
      )}
    </li>
  );
}
