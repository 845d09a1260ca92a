import type { ReactNode } from 'react';
import { usePaneStyle } from '../../../state/pane-width.ts';
import { useShownRun } from '../../../state/run-look.ts';
import { RunList } from './run-list.tsx';
import { RunOpened } from './run-opened.tsx';
import { RunPane } from './run-pane.tsx';

export type RunViewProps = {
  readonly run: string;
  /** What can be done next, below the pane; absent: what Try offers. */
  readonly foot?: ReactNode;
};

/** A run's photos with their answers, and how far it is: the same in Try and in Runs. */
export function RunView({ run, foot }: RunViewProps) {
  const now = useShownRun(run);
  const style = usePaneStyle();
  if (now.isOpen) return <RunOpened now={now} />;
  return (
    <div className="with-pane" style={style}>
      <RunList now={now} />
      <RunPane now={now} foot={foot} />
    </div>
  );
}
