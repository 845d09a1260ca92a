import { useCell } from '../../state/cell.ts';
import { modelsPage } from '../../state/navigation.ts';
import { DepartureView } from '../departure/index.ts';
import { MakeView } from '../make/index.ts';
import { ModelList } from './model-list.tsx';
import { TrialView } from '../trial/index.ts';

/** The lifecycle room: its models, a trial, what changed, or the check before leaving. */
export function ModelsView() {
  const page = useCell(modelsPage);
  switch (page.kind) {
    case 'list':
      return <ModelList />;
    case 'make':
      return <MakeView key={page.ref} of={page.ref} />;
    case 'departure':
      return <DepartureView />;
    case 'trial':
    case 'changes':
      return <TrialView page={page} />;
  }
}
