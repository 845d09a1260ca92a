import type { ReactNode } from 'react';
import {
  IconBattery1,
  IconCheck,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconTemperature,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isRunLive, isWaitingForPower } from '../../../contract/runs/run.ts';
import type { RunState, SlowCause } from '../../../contract/runs/run.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { useRunStateText } from '../../parts/run-state-icon.tsx';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** Finding the files, and answering them: they go on side by side, each with its own count. */
export function PhaseRows({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const stateText = useRunStateText();
  const { found, scanned, answered, faults } = state.counts;
  const done = answered + faults;
  const isLive = isRunLive(state);
  const provider = state.provider === null ? '' : `, ${t(`provider.${state.provider}`)}`;
  return (
    <>
      <ul className="phases" aria-label={t('run.phases')}>
        <Phase
          name={t('run.phase.find')}
          share={scanned ? 1 : 0}
          isDone={scanned}
          isLive={isLive}
          text={t(scanned ? 'run.phase.found' : 'run.phase.foundSoFar', {
            count: found,
            n: numbers.count(found),
          })}
        />
        <Phase
          name={`${t('run.phase.answer')}${provider}`}
          share={found === 0 ? 0 : done / found}
          isDone={state.kind === 'done' && found > 0}
          isLive={isLive}
          isPaused={state.kind === 'paused'}
          text={t('status.run', { done: numbers.count(done), found: numbers.count(found) })}
        />
      </ul>
      {isLive && state.slowedBy !== null ? (
        <PowerNote cause={state.slowedBy}>{t(`run.slowed.${state.slowedBy}`)}</PowerNote>
      ) : null}
      {isWaitingForPower(state) ? (
        <PowerNote cause="battery">
          {stateText(state)}. {t(state.owner === 'here' ? 'run.waits.battery' : 'run.waits.batteryElsewhere')}
        </PowerNote>
      ) : null}
    </>
  );
}

type PowerNoteProps = { readonly cause: SlowCause; readonly children: ReactNode };

function PowerNote({ cause, children }: PowerNoteProps) {
  const Icon = { battery: IconBattery1, heat: IconTemperature }[cause];
  return (
    <p className="small power-note" role="status">
      <Icon {...at16} className="tone-warn" />
      <span>{children}</span>
    </p>
  );
}

type PhaseProps = {
  readonly name: string;
  readonly share: number;
  readonly isDone: boolean;
  readonly isLive: boolean;
  readonly isPaused?: boolean;
  readonly text: string;
};

function Phase({ name, share, isDone, isLive, isPaused = false, text }: PhaseProps) {
  return (
    <li className="phase">
      {isDone ? (
        <IconCheck {...at16} className="tone-ok" />
      ) : isLive ? (
        <IconPlayerPlay {...at16} className="tone-signal" />
      ) : share > 0 || isPaused ? (
        <IconPlayerPause {...at16} className="muted" />
      ) : (
        <IconPlayerStop {...at16} className="muted" />
      )}
      <span className="cut" title={name}>
        {name}
      </span>
      <span className={isLive && !isDone ? 'run-track live' : 'run-track'} aria-hidden="true">
        <span style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      <span className="number small muted">{text}</span>
    </li>
  );
}
