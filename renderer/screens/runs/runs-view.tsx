import { useCell } from '../../state/cell.ts';
import { usePaneStyle } from '../../state/pane-width.ts';
import { runsPage } from '../../state/navigation.ts';
import { FileMenu } from '../try/index.ts';
import { ExportDialog, RunView } from '../try/run/index.ts';
import { NewRunPane } from './new-run/index.ts';
import { RunFoot } from './run-foot.tsx';
import { RunsList } from './runs-list.tsx';

/** Every run that is stored, and a new one; or one of them with its photos. */
export function RunsView() {
  const page = useCell(runsPage);
  const style = usePaneStyle();
  if (page.kind === 'run')
    return (
      <>
        <RunView key={page.run} run={page.run} foot={<RunFoot run={page.run} />} />
        <FileMenu />
      </>
    );
  return (
    <div className="with-pane" style={style}>
      <RunsList />
      <NewRunPane />
      <ExportDialog />
    </div>
  );
}
