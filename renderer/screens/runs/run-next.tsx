import { IconFileExport, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isRunResumable } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { openExport } from '../../actions/export-run.ts';
import { goOnWithRun } from '../../actions/runs.ts';
import { Button } from '../../parts/button.tsx';

type RunNextProps = { readonly run: RunState; readonly size?: 'small' };

/** The likeliest thing to do with a run that is over: to go on where it was, else to take its results along. */
export function RunNext({ run, size }: RunNextProps) {
  const { t } = useTranslation();
  const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
  if (isRunResumable(run))
    return (
      <Button
        size={size}
        icon={<IconPlayerPlay {...icon} />}
        aria-label={t('runs.goOnWith', { title: run.title })}
        onClick={() => void goOnWithRun(run.id)}
      >
        {t('run.goOn')}
      </Button>
    );
  if (run.counts.answered + run.counts.faults === 0) return null;
  return (
    <Button
      size={size}
      tone="quiet"
      icon={<IconFileExport {...icon} />}
      aria-label={t('runs.exportOne', { title: run.title })}
      onClick={() => openExport(run.id)}
    >
      {t('exports.open')}
    </Button>
  );
}
