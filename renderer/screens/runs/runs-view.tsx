import { useCell } from '../../state/cell.ts';
import { plannedCard } from '../../state/cards.ts';
import { usePaneStyle } from '../../state/pane-width.ts';
import { runsPage } from '../../state/navigation.ts';
import { FileMenu } from '../try/index.ts';
import { ExportDialog, PlacesDialog, RunView } from '../run/index.ts';
import { CardPane } from './cards/index.ts';
import { NewRunPane } from './new-run/index.ts';
import { RunFoot } from './run-foot.tsx';
import { RunsList } from './runs-list.tsx';

/** Every run that is stored, and a new one or the copy of a card; or one of them with its photos. */
export function RunsView() {
  const page = useCell(runsPage);
  const style = usePaneStyle();
  const card = useCell(plannedCard);
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
      {card ? <CardPane now={card} /> : <NewRunPane />}
      <ExportDialog />
      <PlacesDialog />
    </div>
  );
}
