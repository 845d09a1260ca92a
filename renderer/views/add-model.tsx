import { Menu } from '@mantine/core';
import { IconFile, IconFileCode, IconFolder, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseImport } from '../actions/import-model.ts';
import { openMakeForm } from '../actions/make-pack.ts';
import { Button } from '../parts/button.tsx';
import { useCell } from '../state/cell.ts';
import { makeDrafts } from '../state/making.ts';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

export function AddModel() {
  const { t } = useTranslation();
  return (
    <div className="add-model">
      <MakeDrafts />
      <Menu position="top-start">
        <Menu.Target>
          <Button icon={<IconPlus {...at18} />}>{t('models.add')}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconFile {...at18} />} onClick={() => void chooseImport('file')}>
            {t('models.addFile')}
          </Menu.Item>
          <Menu.Item leftSection={<IconFolder {...at18} />} onClick={() => void chooseImport('folder')}>
            {t('models.addFolder')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
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
      className="make-draft"
      icon={<IconFileCode {...at18} />}
      title={name}
      onClick={() => void openMakeForm(ref, name)}
    >
      <span className="cut">{t(step.kind === 'building' ? 'make.isBuilding' : 'make.goOn', { name })}</span>
    </Button>
  ));
}
