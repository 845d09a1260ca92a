import { useEffect } from 'react';
import { IconPhotoSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { toggleSimilar } from '../../../actions/similar.ts';
import { Button } from '../../../parts/button.tsx';
import { useCell } from '../../../state/cell.ts';
import { similarOpen } from '../../../state/similar.ts';

/** Opens and closes the list of photos that are like this one; it stays open from photo to photo. */
export function MoreLikeThis() {
  const { t } = useTranslation();
  const isOpen = useCell(similarOpen);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { target } = event;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.key.toLowerCase() !== 'm') return;
      if (target instanceof Element && target.closest('input, textarea, [role=menu], [role=dialog]')) return;
      event.preventDefault();
      toggleSimilar();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
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
