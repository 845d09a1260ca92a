import type { ReactElement } from 'react';
import { Menu } from '@mantine/core';
import type { MenuProps } from '@mantine/core';
import { IconFile, IconFolder } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseImport } from '../../actions/import-model.ts';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

type AddModelMenuProps = Pick<MenuProps, 'position'> & { readonly children: ReactElement };

/** The ways to bring a model, below what opens them. */
export function AddModelMenu({ position, children }: AddModelMenuProps) {
  const { t } = useTranslation();
  return (
    <Menu position={position}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFile {...at18} />} onClick={() => void chooseImport('file')}>
          {t('models.addFile')}
        </Menu.Item>
        <Menu.Item leftSection={<IconFolder {...at18} />} onClick={() => void chooseImport('folder')}>
          {t('models.addFolder')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
