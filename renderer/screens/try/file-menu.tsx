import { Menu } from '@mantine/core';
import {
  IconCheck,
  IconClipboardText,
  IconCopy,
  IconExternalLink,
  IconFolderOpen,
  IconX,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { answerOf } from '../../../contract/runs/confirmable.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { confirmLabel, modelOf } from '../../actions/confirm-label.ts';
import { closeFileMenu, copyPath, openFile, revealFile } from '../../actions/file-menu.ts';
import { MenuAt } from '../../parts/menu-at.tsx';
import { useCell } from '../../state/cell.ts';
import { choosingLabel, fileMenu } from '../../state/file-menu.ts';
import type { FileMenuFor } from '../../state/file-menu.ts';
import { useConfirmed } from '../../state/lifecycle.ts';
import { announce } from '../../state/notices.ts';
import { useRunItem } from '../../state/run-queries.ts';
import { useCopyLabels } from '../answer/index.ts';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** What can be done with a photo, wherever it is shown: right click, the menu key or Shift+F10. */
export function FileMenu() {
  const menu = useCell(fileMenu);
  // The key remounts the menu for another file, so that it moves there and takes the focus.
  return menu ? <Opened key={`${menu.ref} ${menu.x} ${menu.y}`} menu={menu} /> : null;
}

function Opened({ menu }: { readonly menu: FileMenuFor }) {
  const { t } = useTranslation();
  const { ref, name } = menu;
  return (
    <MenuAt place={menu} label={t('fileMenu.label', { name })} onClose={closeFileMenu}>
      <Menu.Item leftSection={<IconFolderOpen {...at16} />} onClick={() => void revealFile(ref)}>
        {t('fault.showInFolder')}
      </Menu.Item>
      <Menu.Item leftSection={<IconExternalLink {...at16} />} onClick={() => void openFile(ref)}>
        {t('fileMenu.open')}
      </Menu.Item>
      <Menu.Item
        leftSection={<IconClipboardText {...at16} />}
        onClick={() => void copyPath(ref).then((done) => done !== null && announce('common.copied'))}
      >
        {t('fileMenu.copyPath')}
      </Menu.Item>
      {menu.answer ? <AnswerItems menu={menu} /> : null}
    </MenuAt>
  );
}

function AnswerItems({ menu }: { readonly menu: FileMenuFor }) {
  const { t } = useTranslation();
  const copyLabels = useCopyLabels();
  const record = useRecord(menu);
  const first = record && answerOf(record.result);
  const firstName = first ? first.name || t('boxes.none') : '';
  const confirmed = useConfirmed(record?.digest ?? '', record ? modelOf(record) : '').data ?? null;
  const setRight = (): void => {
    if (!record || !first) return;
    void confirmLabel({ photo: menu.ref, record }, { id: first.id, name: first.name });
    announce('confirm.isConfirmed', { label: first.name || { key: 'boxes.none' } });
  };
  const chooseOther = (): void => {
    if (!record) return;
    menu.show?.();
    choosingLabel.set(record.digest);
  };
  const isRight = confirmed !== null && confirmed.id === first?.id;
  return (
    <>
      <Menu.Item
        leftSection={<IconCopy {...at16} />}
        disabled={!record}
        onClick={() => record && copyLabels(record)}
      >
        {t('labels.copy')}
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item leftSection={<IconCheck {...at16} />} disabled={!record || isRight} onClick={setRight}>
        {first
          ? t(isRight ? 'confirm.isConfirmed' : 'fileMenu.right', { label: firstName })
          : t('confirm.right')}
      </Menu.Item>
      <Menu.Item leftSection={<IconX {...at16} />} disabled={!record} onClick={chooseOther}>
        {t('confirm.notThis')}
      </Menu.Item>
    </>
  );
}

function useRecord({ answer }: FileMenuFor): PredictionRecord | null {
  const row = answer?.kind === 'row' ? answer : null;
  const item = useRunItem(row?.run ?? '', row?.seq ?? null).data;
  if (answer?.kind === 'record') return answer.record;
  return item && item.row.seq === row?.seq ? item.record : null;
}
