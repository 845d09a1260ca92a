import { useTranslation } from 'react-i18next';
import type { SeenCard } from '../../../../contract/runs/camera-card.ts';
import { useNumbers } from '../../../parts/numbers.tsx';

/** The counts of a card, and its earlier copies. */
export function CardFacts({ card: { content, before, begun } }: { readonly card: SeenCard }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (content.kind === 'unreadable') return <p className="small tone-danger">{t('cards.unreadable')}</p>;
  const { photos, files, bytes } = content;
  const others = files - photos;
  const what = [
    t('cards.photos', { count: photos, n: numbers.count(photos) }),
    ...(others > 0 ? [t('cards.others', { count: others, n: numbers.count(others) })] : []),
    numbers.bytes(bytes),
  ].join(', ');
  const known = content.kind === 'counted' ? content.known : 0;
  const past = begun ?? before;
  return (
    <div className="card-facts">
      <p className="number">{content.kind === 'counting' ? t('cards.soFar', { what }) : what}</p>
      {past ? (
        <p className="small muted">
          {t(begun ? 'cards.begun' : 'cards.before', { date: numbers.date(past.at) })}
          {past.site === null ? '' : `, ${past.site}`}
          {known > 0
            ? `: ${known === files ? t('cards.allKnown') : t('cards.known', { known: numbers.count(known), n: numbers.count(files) })}`
            : ''}
        </p>
      ) : content.kind === 'counted' ? (
        <p className="small muted">{t('cards.never')}</p>
      ) : null}
    </div>
  );
}
