import { IconDeviceSdCard } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SeenCard } from '../../../../contract/runs/camera-card.ts';
import { chooseCard, planCard } from '../../../actions/cards.ts';
import { Button } from '../../../parts/button.tsx';
import { MiddleCut } from '../../../parts/middle-cut.tsx';
import { useIdleCards } from '../../../state/cards.ts';
import { CardFacts } from './card-facts.tsx';

/** Cards that are plugged in, each with what is on it and the way to copy it. */
export function CardOffers() {
  const { t } = useTranslation();
  const cards = useIdleCards();
  return (
    <section className="section" aria-label={t('cards.title')}>
      <h2 className="heading">{t('cards.title')}</h2>
      {cards.length === 0 ? (
        <p className="muted card-none">{t('cards.none')}</p>
      ) : (
        <ul className="card-offers">
          {cards.map((card) => (
            <CardOffer key={card.ref} card={card} />
          ))}
        </ul>
      )}
      <button type="button" className="link card-other" onClick={() => void chooseCard()}>
        {t('cards.other')}
      </button>
    </section>
  );
}

function CardOffer({ card }: { readonly card: SeenCard }) {
  const { t } = useTranslation();
  return (
    <li className="card-offer" aria-label={card.name}>
      <IconDeviceSdCard size={18} stroke={1.5} aria-hidden="true" />
      <div className="card-offer-facts">
        <strong>
          <MiddleCut text={card.name} />
        </strong>
        <CardFacts card={card} />
      </div>
      <Button aria-label={t('cards.copyOne', { card: card.name })} onClick={() => planCard(card)}>
        {t(card.begun ? 'cards.goOnDots' : 'cards.copyDots')}
      </Button>
    </li>
  );
}
