import { useEffect } from 'react';
import { Menu } from '@mantine/core';
import { IconChecks, IconClipboardText, IconFileExport, IconTag } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { closePickedMenu, copyPaths } from '../../actions/file-menu.ts';
import { openExport } from '../../actions/export-run.ts';
import { MenuAt } from '../../parts/menu-at.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { pickedMenu } from '../../state/file-menu.ts';
import type { PickedMenuFor } from '../../state/file-menu.ts';
import { announce } from '../../state/notices.ts';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

type PickedMenuProps = {
  readonly picked: ReadonlySet<number>;
  /** Says that the first label of each is right, or offers the labels; null where the model's answers have none. */
  readonly confirms: { readonly areRight: () => void; readonly choose: () => void } | null;
};

/** What can be done with all selected photos: right click on one of them, the menu key or Shift+F10. */
export function PickedMenu(props: PickedMenuProps) {
  const menu = useCell(pickedMenu);
  useEffect(() => closePickedMenu, []);
  return menu ? <Opened key={`${menu.x} ${menu.y}`} menu={menu} {...props} /> : null;
}

function Opened({ menu, picked, confirms }: PickedMenuProps & { readonly menu: PickedMenuFor }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { run } = menu;
  const copy = async (): Promise<void> => {
    if ((await copyPaths({ run, items: Uint32Array.from(picked) })) !== null) announce('common.copied');
  };
  return (
    <MenuAt
      place={menu}
      label={t('run.pickedMenu', { n: numbers.count(picked.size) })}
      onClose={closePickedMenu}
    >
      {confirms ? (
        <>
          <Menu.Item leftSection={<IconChecks {...at16} />} onClick={confirms.areRight}>
            {t('run.allRight')}
          </Menu.Item>
          <Menu.Item leftSection={<IconTag {...at16} />} onClick={confirms.choose}>
            {t('run.labelAll')}
          </Menu.Item>
          <Menu.Divider />
        </>
      ) : null}
      <Menu.Item leftSection={<IconFileExport {...at16} />} onClick={() => openExport(run, picked)}>
        {t('run.exportPicked')}
      </Menu.Item>
      <Menu.Item leftSection={<IconClipboardText {...at16} />} onClick={() => void copy()}>
        {t('run.copyPaths')}
      </Menu.Item>
    </MenuAt>
  );
}
