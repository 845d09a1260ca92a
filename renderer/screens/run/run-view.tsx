import { useDeferredValue } from 'react';
import type { ReactNode } from 'react';
import { usePaneStyle } from '../../state/pane-width.ts';
import { useShownRun } from '../../state/run-look.ts';
import { PlacesDialog } from './places/index.ts';
import { RunList } from './run-list.tsx';
import { RunOpened } from './run-opened.tsx';
import { RunPane } from './run-pane.tsx';

type RunViewProps = {
  readonly run: string;
  /** What can be done next, below the pane; absent: what Try offers. */
  readonly foot?: ReactNode;
};

/** A run's photos with their answers, and how far it is: the same in Try and in Runs. */
export function RunView({ run, foot }: RunViewProps) {
  const now = useShownRun(run);
  const style = usePaneStyle();
  // Renders the empty frame first and its content deferred: in one piece this is the longest task of the page.
  const isDue = useDeferredValue(true, false);
  if (!isDue)
    return (
      <div className="with-pane" style={style}>
        <div className="run-list" />
        <aside className="pane" />
      </div>
    );
  return (
    <>
      {now.isOpen ? (
        <RunOpened now={now} hasNext={foot === undefined} />
      ) : (
        <div className="with-pane" style={style}>
          <RunList now={now} />
          <RunPane now={now} foot={foot} />
        </div>
      )}
      <PlacesDialog />
    </>
  );
}
