import { IconFolderOpen, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { answerAgain } from '../../actions/answer-photos.ts';
import { copyText } from '../../actions/ask-main.ts';
import { revealFile } from '../../actions/file-menu.ts';
import { showPhoto } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useFileTitle } from '../../parts/file-title.ts';
import type { PhotosPage } from '../../state/try-page.ts';
import { Answered } from './answer/index.ts';
import { Strip } from './strip.tsx';
import { useCloseTopmost } from './use-close-topmost.ts';
import { useViewKeys } from '../../hooks/use-view-keys.ts';
import { useIsShort } from '../../hooks/use-width.ts';

export function TryPhotos({ now }: { readonly now: PhotosPage }) {
  const entry = now.entries[now.current];
  const faulty =
    entry?.answer.kind === 'fault'
      ? now.current
      : now.entries.findIndex((one) => one.answer.kind === 'fault');
  useViewKeys({ step: (by) => showPhoto(now.current + by), back: useCloseTopmost() });
  const titleOf = useFileTitle();
  if (!entry) return null;
  const record = entry.answer.kind === 'answered' ? entry.answer.record : null;
  return (
    <Answered
      photo={entry.file.ref}
      name={titleOf(entry.file)}
      record={record}
      canAskAgain
      fault={entry.answer.kind === 'fault' ? entry.answer.fault : null}
      under={faulty >= 0 ? <Unread now={now} index={faulty} /> : null}
      strip={<Strip entries={now.entries} current={now.current} onShow={showPhoto} />}
    />
  );
}

function Unread({ now, index }: { readonly now: PhotosPage; readonly index: number }) {
  const { t } = useTranslation();
  const isShort = useIsShort();
  const titleOf = useFileTitle();
  const entry = now.entries[index];
  if (entry?.answer.kind !== 'fault') return null;
  const { file } = entry;
  const name = titleOf(file);
  const { fault } = entry.answer;
  const answered = now.entries.filter((one) => one.answer.kind === 'answered');
  const preserved =
    answered.length === 0
      ? ''
      : t('fault.kept', { count: answered.length, name: answered[0] ? titleOf(answered[0].file) : '' });
  return (
    <div className="under-well">
      <FaultCard
        title={t('fault.notRead', { name })}
        fault={fault}
        preserved={preserved}
        isFolded={isShort}
        onCopy={(text) =>
          void copyText(`${file.name}\n${text}\n${JSON.stringify(fault.params)}`, t('common.copied'))
        }
        actions={
          <>
            <Button
              tone="quiet"
              size="small"
              icon={<IconRefresh size={16} stroke={1.5} aria-hidden="true" />}
              onClick={() => void answerAgain(index)}
            >
              {t('fault.tryAgain')}
            </Button>
            <Button
              tone="quiet"
              size="small"
              icon={<IconFolderOpen size={16} stroke={1.5} aria-hidden="true" />}
              onClick={() => void revealFile(file.ref)}
            >
              {t('fault.showInFolder')}
            </Button>
          </>
        }
      />
    </div>
  );
}
