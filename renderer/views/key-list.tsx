import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Key } from '../parts/key.tsx';
import { useCell } from '../state/cell.ts';
import { keysOpen } from '../state/place.ts';

const keys = [
  ['Ctrl O', 'photos'],
  ['Ctrl Shift O', 'folder'],
  ['Ctrl V', 'paste'],
  ['Ctrl 1–5', 'place'],
  ['← →', 'next'],
  ['↑ ↓', 'row'],
  ['Enter', 'open'],
  ['Esc', 'back'],
  ['R', 'right'],
  ['N', 'notThis'],
  ['S', 'square'],
  ['+ −', 'zoom'],
  ['0', 'fit'],
  ['?', 'keys'],
] as const;

export function KeyList() {
  const { t } = useTranslation();
  return (
    <Modal
      opened={useCell(keysOpen)}
      onClose={() => keysOpen.set(false)}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <dl className="key-list">
        {keys.map(([press, name]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>
              {press.split(' ').map((key) => (
                <Key key={key}>{t(`key.${key}`, key)}</Key>
              ))}
            </dt>
            <dd>{t(`keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
