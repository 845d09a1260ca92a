import { IconPhotoSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { prepareSimilar, toggleSimilar } from '../../actions/similar.ts';
import { useKeyDown } from '../../hooks/use-key-down.ts';
import { Button } from '../../parts/button.tsx';
import { useCell } from '../../state/cell.ts';
import { similarOpen } from '../../state/similar.ts';

/** Opens and closes the list of photos that are like this one; it stays open from photo to photo. */
export function MoreLikeThis() {
  const { t } = useTranslation();
  const isOpen = useCell(similarOpen);
  useEffect(prepareSimilar, []);
  useKeyDown((event) => {
    if (event.key.toLowerCase() !== 'm') return;
    event.preventDefault();
    toggleSimilar();
  });
  return (
    <Button
      tone="quiet"
      size="small"
      className="end"
      aria-expanded={isOpen}
      aria-keyshortcuts="M"
      title={t('similar.hint')}
      icon={<IconPhotoSearch size={16} stroke={1.5} aria-hidden="true" />}
      onClick={toggleSimilar}
    >
      {t('similar.title')}
    </Button>
  );
}
