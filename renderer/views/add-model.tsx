import { Menu } from '@mantine/core';
import { IconFile, IconFolder, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseImport } from '../actions/import-model.ts';
import { Button } from '../parts/button.tsx';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

export function AddModel() {
  const { t } = useTranslation();
  return (
    <div className="add-model">
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
