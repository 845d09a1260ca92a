import { useCell } from '../../state/cell.ts';
import { modelsPage } from '../../state/place.ts';
import { DepartureView } from '../departure/departure-view.tsx';
import { MakeView } from '../make/make-view.tsx';
import { ModelRoom } from './model-room.tsx';
import { TrialView } from '../trial/trial-view.tsx';

/** The lifecycle room: its models, a trial, what changed, or the check before leaving. */
export function ModelsView() {
  const page = useCell(modelsPage);
  switch (page.kind) {
    case 'list':
      return <ModelRoom />;
    case 'make':
      return <MakeView key={page.ref} of={page.ref} />;
    case 'departure':
      return <DepartureView />;
    case 'trial':
    case 'changes':
      return <TrialView page={page} />;
  }
}
