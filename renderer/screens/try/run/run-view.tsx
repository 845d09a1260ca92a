import { usePaneStyle } from '../../../state/pane-width.ts';
import type { RunTrial } from '../../../state/trial.ts';
import { RunList } from './run-list.tsx';
import { RunOpened } from './run-opened.tsx';
import { RunPane } from './run-pane.tsx';

export function RunView({ now }: { readonly now: RunTrial }) {
  const style = usePaneStyle();
  if (now.isOpen) return <RunOpened now={now} />;
  return (
    <div className="with-pane" style={style}>
      <RunList now={now} />
      <RunPane run={now.run} />
    </div>
  );
}
