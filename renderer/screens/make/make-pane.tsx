import { IconCube } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../actions/ask-main.ts';
import { discardDraft, stopMaking } from '../../actions/make-pack.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { MakePreview } from './make-preview.tsx';
import type { MakeProps } from './use-make-texts.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';

/** What the model would see, and the one action. */
export function MakePane({ draft, look, texts }: MakeProps) {
  const { t } = useTranslation();
  const { step } = draft;
  // Faults shown at their field are not repeated here.
  const loose = step.kind === 'failed' && typeof step.fault.params['field'] !== 'string' ? step.fault : null;
  const general = look.faults.find(({ field }) => field === null)?.fault ?? null;
  const fault = loose ?? general;
  const isBuilding = step.kind === 'building';
  const open = texts.open.map((question) => t(`make.field.${question}`));
  return (
    <aside className="make-pane" aria-label={t('make.sees')}>
      <div className="make-pane-scroll">
        {look.task && !takesPictures(look.task) ? (
          <>
            <h3 className="heading">{t('make.tensorTitle')}</h3>
            <p className="make-say muted">{t('make.tensorWords')}</p>
          </>
        ) : (
          <MakePreview draft={draft} look={look} />
        )}
      </div>
      <div className="make-foot">
        {fault ? (
          <FaultCard
            title={t('make.notMade')}
            fault={{ ...fault, message: texts.describe(fault), hint: '' }}
            onCopy={() => void copyText(`${fault.code}\n${fault.message}\n${fault.hint}`)}
          />
        ) : null}
        <p className="small muted" role="status">
          {isBuilding
            ? t('make.building')
            : open.length > 0
              ? t('make.open', { fields: open.join(', ') })
              : t('make.own')}
        </p>
        <div className="row">
          {isBuilding ? (
            <Button tone="primary" autoFocus onClick={() => void stopMaking(draft)}>
              {t('make.stop')}
            </Button>
          ) : (
            <Button
              tone="primary"
              type="submit"
              icon={<IconCube size={18} stroke={1.5} aria-hidden="true" />}
            >
              {t('make.make')}
            </Button>
          )}
          <Button tone="quiet" disabled={isBuilding} onClick={() => discardDraft(draft.ref)}>
            {t('make.discard')}
          </Button>
        </div>
      </div>
    </aside>
  );
}
