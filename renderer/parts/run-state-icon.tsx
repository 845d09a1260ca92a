import {
  IconAlertTriangle,
  IconCircleCheck,
  IconFolderQuestion,
  IconPlayerPause,
  IconPlugConnectedX,
  IconSquare,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { doneKind, isRunLive } from '../../contract/runs/run.ts';
import type { RunState } from '../../contract/runs/run.ts';

/** How a run stands, as a shape with its word. */
export function RunStateIcon({ run }: { readonly run: RunState }) {
  const word = useRunStateText()(run);
  const all = { size: 18, stroke: 1.5, role: 'img', 'aria-label': word } as const;
  if (isRunLive(run)) return <span className="now-dot" role="img" aria-label={word} />;
  switch (run.kind) {
    case 'done':
      if (doneKind(run) === 'empty') return <IconFolderQuestion {...all} className="muted" />;
      return run.counts.faults > 0 ? (
        <IconAlertTriangle {...all} className="tone-warn" />
      ) : (
        <IconCircleCheck {...all} className="tone-ok" />
      );
    case 'failed':
      return <IconAlertTriangle {...all} className="tone-danger" />;
    case 'interrupted':
      return <IconPlugConnectedX {...all} className="tone-warn" />;
    case 'paused':
      return <IconPlayerPause {...all} className="tone-warn" />;
    default:
      return <IconSquare {...all} className="muted" />;
  }
}

/** The state in a few words; of a pause by whom. */
export function useRunStateText(): (run: RunState) => string {
  const { t } = useTranslation();
  return (run) => {
    if (run.kind === 'paused') return t(`runs.paused.${run.by}`);
    return t(`runs.kind.${run.kind === 'done' ? doneKind(run) : run.kind}`);
  };
}
