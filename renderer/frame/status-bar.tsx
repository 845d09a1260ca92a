import { IconCpu } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { goTo, showNow, showSettings, showTrialOf } from '../actions/move.ts';
import { followRun } from '../actions/runs.ts';
import { Bytes, useNumbers } from '../parts/numbers.tsx';
import { useApi } from '../state/access.ts';
import { useCell } from '../state/cell.ts';
import { onTrial, useTimelines } from '../state/lifecycle.ts';
import { announcement } from '../state/notices.ts';
import { useSettings, useStatus } from '../state/queries.ts';
import { isOver, useRunInSight } from '../state/run-queries.ts';
import { tryPage } from '../state/try-page.ts';
import { usePageText } from '../state/use-page-text.ts';

export function StatusBar() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const status = useStatus().data;
  const now = useCell(tryPage);
  const pageText = usePageText();
  const announcing = useCell(announcement);
  const announced = announcing && pageText(announcing);
  return (
    <footer className="status">
      <span className="promise" title={t('status.promise')}>
        <span className="cut">{t('status.promise')}</span>
      </span>
      {announced ? (
        <span className="announced cut" aria-hidden="true" title={announced}>
          {announced}
        </span>
      ) : null}
      <RunPart shown={now.kind === 'run' ? now.run : null} />
      <TrialPart />
      <ApiPart />
      {status ? (
        <>
          <button
            type="button"
            onClick={() => showSettings('speed')}
            title={t('status.runsOnDetail', { count: status.workers, threads: status.threads })}
          >
            <IconCpu size={16} stroke={1.5} aria-hidden="true" />
            {t('status.runsOn', { provider: t(`provider.${status.provider}`), count: status.processes })}
          </button>
          <button
            type="button"
            className="spare"
            onClick={showNow}
            title={t('status.queueDetail', { running: numbers.count(status.running) })}
          >
            {t('status.queue', { n: numbers.count(status.queued) })}
          </button>
          <button type="button" className="spare" onClick={showNow} title={t('status.memory')}>
            <Bytes value={status.memoryBytes} />
          </button>
        </>
      ) : null}
    </footer>
  );
}

/** The first version that is on trial, shown in every place. */
function TrialPart() {
  const { t } = useTranslation();
  const timelines = useTimelines().data ?? [];
  const found = timelines.flatMap((timeline) => {
    const entry = onTrial(timeline);
    return entry ? [{ timeline, entry }] : [];
  })[0];
  if (!found) return null;
  const { timeline, entry } = found;
  return (
    <button
      type="button"
      className="running"
      title={timeline.title}
      onClick={() => showTrialOf(timeline, entry.version)}
    >
      {t('status.onTrial', { version: entry.version })}
    </button>
  );
}

/** Shown while the API is on, or should be but failed. */
function ApiPart() {
  const { t } = useTranslation();
  const state = useApi().data?.state;
  const bind = useSettings().data?.apiBind ?? '';
  if (state?.kind === 'on')
    return (
      <button
        type="button"
        className="running"
        title={t('status.answeringDetail', { address: state.address })}
        onClick={() => goTo('api')}
      >
        {t('status.answering', { port: state.port })}
      </button>
    );
  if (state?.kind !== 'failed') return null;
  const port = bind.slice(bind.lastIndexOf(':') + 1);
  return (
    <button type="button" className="tone-danger" onClick={() => goTo('api')}>
      {t(state.fault.code === 'address-in-use' ? 'status.notAnswering' : 'api.notStarted', { port })}
    </button>
  );
}

/** The run in progress, shown in every place. */
function RunPart({ shown }: { readonly shown: string | null }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const state = useRunInSight(shown);
  if (!state || isOver(state)) return null;
  const done = numbers.count(state.counts.answered + state.counts.faults);
  return (
    <button type="button" className="running" title={state.title} onClick={() => followRun(state)}>
      {t('status.run', { done, found: numbers.count(state.counts.found) })}
    </button>
  );
}
