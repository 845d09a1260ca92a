import { IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../../actions/ask-main.ts';
import { cancelNewRun, startNewRun } from '../../../actions/new-run.ts';
import { Button } from '../../../parts/button.tsx';
import { FaultCard } from '../../../parts/fault-card.tsx';
import { useCell } from '../../../state/cell.ts';
import { newRun } from '../../../state/new-run.ts';
import { PaneEdge } from '../../panes/index.ts';
import { CardOffers } from '../cards/index.ts';
import { ChooseInputs } from './choose-inputs.tsx';
import { FoundSoFar } from './found-so-far.tsx';
import { NewRunForm } from './new-run-form.tsx';
import { PowerSwitches } from './power-switches.tsx';

/** A run before it is one: what it goes over, with which model, and what it will take. */
export function NewRunPane() {
  const { t } = useTranslation();
  const now = useCell(newRun);
  return (
    <aside className="pane" aria-label={t('newRun.title')}>
      <PaneEdge />
      <div className="pane-scroll">
        <section className="section">
          <h2 className="heading">{t('newRun.title')}</h2>
          {now.kind === 'empty' ? <ChooseInputs /> : <NewRunForm now={now} />}
        </section>
        {now.kind === 'empty' ? <CardOffers /> : null}
        {now.kind === 'looking' ? <FoundSoFar request={now.request} /> : null}
        {now.kind === 'failed' ? (
          <section className="section">
            <FaultCard title={t('newRun.failed')} fault={now.fault} onCopy={(text) => void copyText(text)} />
          </section>
        ) : null}
        {now.kind === 'empty' ? null : <PowerSwitches />}
      </div>
      {now.kind === 'empty' ? null : (
        <div className="pane-actions">
          <Button
            tone="primary"
            autoFocus
            disabled={now.kind === 'failed'}
            icon={<IconPlayerPlay size={18} stroke={1.5} aria-hidden="true" />}
            onClick={() => void startNewRun()}
          >
            {t('newRun.start')}
          </Button>
          <Button tone="quiet" onClick={cancelNewRun}>
            {t('common.cancel')}
          </Button>
        </div>
      )}
    </aside>
  );
}
