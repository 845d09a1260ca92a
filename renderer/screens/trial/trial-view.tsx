import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { showModels } from '../../actions/move.ts';
import { useTimeline } from '../../state/lifecycle.ts';
import type { ModelsPage } from '../../state/navigation.ts';
import { itemsLook } from '../../state/trial-look.ts';
import { TrialPane } from './trial-pane.tsx';
import { TrialRunning } from './trial-running.tsx';
import { TrialTable } from './trial-table.tsx';
import { useViewKeys } from '../../hooks/use-view-keys.ts';

type Shown = Extract<ModelsPage, { kind: 'trial' | 'changes' }>;

/** Two versions over the same photos: what they agree on, and where they part. */
export function TrialView({ page }: { readonly page: Shown }) {
  const { t } = useTranslation();
  const timeline = useTimeline(page.model);
  const own = page.kind === 'trial' && timeline?.trial?.to === page.version ? timeline.trial : null;
  const report = page.kind === 'trial' ? own : page.report;
  const id = report?.id ?? null;
  useViewKeys({ step: () => undefined, back: showModels });
  useEffect(() => itemsLook.set(null), [id]);
  if (!report)
    return (
      <TrialRunning
        timeline={timeline}
        version={page.kind === 'trial' ? page.version : page.to}
        from={page.kind === 'changes' ? page.from : (timeline?.pointer.active ?? '')}
        isComparing={page.kind === 'changes'}
      />
    );
  return (
    <div className="with-pane">
      <div className="trial-main" tabIndex={0} role="region" aria-label={t('trial.table')}>
        <TrialTable report={report} />
      </div>
      <TrialPane report={report} timeline={page.kind === 'trial' ? timeline : null} />
    </div>
  );
}
