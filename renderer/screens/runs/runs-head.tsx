import { IconArrowLeft } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { showRuns } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { ModelVersion } from '../../parts/model-version.tsx';
import { useCell } from '../../state/cell.ts';
import { runsPage } from '../../state/navigation.ts';
import { useRun, useRunModel } from '../../state/run-queries.ts';

/** Which run is opened, what made it, and the way back to the list. */
export function RunsHead() {
  const { t } = useTranslation();
  const page = useCell(runsPage);
  const run = useRun(page.kind === 'run' ? page.run : null).data;
  const model = useRunModel(run);
  if (page.kind === 'list') return null;
  return (
    <>
      <span className="muted cut runs-title" title={run?.title}>
        {run?.title}
      </span>
      {run ? (
        <span className="small muted cut">
          <ModelVersion title={model?.title ?? run.model} version={run.version} />
        </span>
      ) : null}
      <Button
        tone="quiet"
        className="end"
        icon={<IconArrowLeft size={18} stroke={1.5} aria-hidden="true" />}
        onClick={showRuns}
      >
        {t('runs.all')}
      </Button>
    </>
  );
}
