import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { shortcuts } from '../actions/shortcuts.ts';
import { Key } from '../parts/key.tsx';
import { useCell } from '../state/cell.ts';
import { keysOpen, places } from '../state/navigation.ts';

/** Keys of a photo, a list or an answer; those of the whole window are in shortcuts.ts. */
const viewKeys: readonly KeyLine[] = [
  ['← →', 'next'],
  ['↑ ↓', 'row'],
  ['Shift ↑ ↓', 'pickRange'],
  ['Ctrl Space', 'pickOne'],
  ['Ctrl A', 'pickAll'],
  ['Enter', 'open'],
  ['Shift F10', 'photoMenu'],
  ['Esc', 'back'],
  ['R', 'right'],
  ['N', 'notThis'],
  ['Z', 'undoVerdict'],
  ['M', 'similar'],
  ['S', 'square'],
  ['H', 'hide'],
  ['+ −', 'zoom'],
  ['0', 'fit'],
];
type KeyLine = readonly [press: string, name: string];

const ofWindow = (fits: (key: string) => boolean): readonly KeyLine[] =>
  shortcuts
    .filter(({ keys }) => fits(keys.at(-1) ?? ''))
    .map(({ act, keys }): KeyLine => [keys.join(' '), act]);
const allKeys: readonly KeyLine[] = [
  ...ofWindow((key) => /^\p{L}$/u.test(key)),
  ['Ctrl V', 'paste'],
  [`Ctrl 1–${places.length}`, 'place'],
  ...ofWindow((key) => key === ','),
  ...(window.navigator.userAgent.includes('Mac') ? [] : [['Alt', 'menu'] as const]),
  ...viewKeys,
  ...ofWindow((key) => key === '?'),
];

export function KeyList() {
  const { t, i18n } = useTranslation();
  const or = new Intl.ListFormat(i18n.language, { type: 'disjunction' });
  const placeNames = or.format(places.map((to) => t(`place.${to}`)));
  return (
    <Modal
      opened={useCell(keysOpen)}
      onClose={() => keysOpen.set(false)}
      title={t('keys.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <dl className="key-list">
        {allKeys.map(([press, name]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>
              {press.split(' ').map((key) => (
                <Key key={key}>{t(`key.${key}`, key)}</Key>
              ))}
            </dt>
            <dd>{t(`keys.${name}`, { places: placeNames })}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
