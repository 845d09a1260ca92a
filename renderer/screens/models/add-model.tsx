import { IconFileCode, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { openMakeForm } from '../../actions/make-pack.ts';
import { Button } from '../../parts/button.tsx';
import { useCell } from '../../state/cell.ts';
import { makeDrafts } from '../../state/making.ts';
import { AddModelMenu } from '../import/index.ts';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

export function AddModel() {
  const { t } = useTranslation();
  return (
    <div className="add-model">
      <MakeDrafts />
      <AddModelMenu position="top-start">
        <Button icon={<IconPlus {...at18} />}>{t('models.add')}</Button>
      </AddModelMenu>
      <span className="small muted">{t('models.orDrop')}</span>
    </div>
  );
}

/** Forms that were left before their model was made. */
function MakeDrafts() {
  const { t } = useTranslation();
  const drafts = useCell(makeDrafts);
  return drafts.map(({ ref, name, step }) => (
    <Button
      key={ref}
      className="model-draft"
      icon={<IconFileCode {...at18} />}
      title={name}
      onClick={() => void openMakeForm(ref, name)}
    >
      <span className="cut">{t(step.kind === 'building' ? 'make.isBuilding' : 'make.goOn', { name })}</span>
    </Button>
  ));
}
