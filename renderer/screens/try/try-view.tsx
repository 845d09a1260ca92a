import { useCell } from '../../state/cell.ts';
import { tryPage } from '../../state/try-page.ts';
import { FileMenu } from './file-menu.tsx';
import { GroupsView } from './groups/index.ts';
import { RunView } from '../run/index.ts';
import { TryEmpty } from './try-empty.tsx';
import { TryPhotos } from './try-photos.tsx';

export function TryView() {
  return (
    <>
      <Shown />
      <FileMenu />
    </>
  );
}

function Shown() {
  const now = useCell(tryPage);
  switch (now.kind) {
    case 'empty':
      return <TryEmpty />;
    case 'groups':
      return <GroupsView />;
    case 'photos':
      return <TryPhotos now={now} />;
    case 'run':
      return <RunView key={now.run} run={now.run} />;
  }
}
