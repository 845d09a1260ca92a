import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { doneKind, isRunResumable, isRunWaiting, isWaitingForPower } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { goOnWithRun, pauseRun, retryRun, stopRun } from '../../actions/runs.ts';
import { Button } from '../../parts/button.tsx';
import { useRunStateText } from '../../parts/run-state-icon.tsx';
import { isOver } from '../../state/run-queries.ts';

/** How it ended, or what it waits for. One that answered nothing is done, and still no success. */
export function EndText({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  const stateText = useRunStateText();
  // What a run lacks that waits for power is said with how it gets it.
  if (isWaitingForPower(state)) return null;
  if (isRunWaiting(state)) return <span>{stateText(state)}</span>;
  const kind = state.kind === 'done' ? doneKind(state) : state.kind;
  return <span className={kind === 'done' ? 'tone-ok' : 'muted'}>{t(`run.kind.${kind}`)}</span>;
}

/** What can be done with the run as it stands. */
export function RunActs({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  const icon = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;
  const stop = (
    <Button
      disabled={state.kind === 'stopping'}
      data-focus-to="run-next"
      icon={<IconPlayerStop {...icon} />}
      onClick={() => void stopRun(state.id)}
    >
      {t(state.kind === 'stopping' ? 'run.stopping' : 'run.stop')}
    </Button>
  );
  if (!isOver(state))
    return (
      <>
        <Button
          disabled={state.kind === 'stopping'}
          data-focus-to="run-next"
          icon={<IconPlayerPause {...icon} />}
          onClick={() => void pauseRun(state.id)}
        >
          {t('run.pause')}
        </Button>
        {stop}
      </>
    );
  // Only the process that waits with a run can go on with it.
  const canGoOn = isRunResumable(state) && !(isRunWaiting(state) && state.owner === 'elsewhere');
  return (
    <>
      {canGoOn ? (
        <Button
          data-focus-at="run-next"
          icon={<IconPlayerPlay {...icon} />}
          onClick={() => void goOnWithRun(state.id)}
        >
          {t('run.goOn')}
        </Button>
      ) : state.kind === 'done' && state.isRepeatable && state.counts.faults > 0 ? (
        <Button icon={<IconRefresh {...icon} />} onClick={() => void retryRun(state.id)}>
          {t('run.retry')}
        </Button>
      ) : null}
      {isRunWaiting(state) ? stop : null}
    </>
  );
}
