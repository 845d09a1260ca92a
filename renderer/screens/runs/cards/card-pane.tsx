import { IconCopy, IconDeviceSdCard, IconFolder } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseCardTarget, copyCard, leaveCard, nameSite } from '../../../actions/cards.ts';
import { Button } from '../../../parts/button.tsx';
import { MiddleCut } from '../../../parts/middle-cut.tsx';
import { siteOf, useCards, useCardTarget } from '../../../state/cards.ts';
import type { PlannedCard } from '../../../state/cards.ts';
import { PaneEdge } from '../../panes/index.ts';
import { CardFacts } from './card-facts.tsx';

/** A card before it is copied: where its camera stood, and where the copy goes. */
export function CardPane({ now }: { readonly now: PlannedCard }) {
  const { t } = useTranslation();
  const { folder = '', sites = [] } = useCardTarget().data ?? {};
  // The card as it is now: its count goes on, and it may have been pulled.
  const cards = useCards().data;
  const card = cards?.find(({ ref }) => ref === now.card.ref);
  const isPulled = cards !== undefined && !card;
  const shown = card ?? now.card;
  const site = siteOf({ card: shown, site: now.site });
  return (
    <aside className="pane" aria-label={t('cards.copyTitle')}>
      <PaneEdge />
      <form
        className="card-form"
        onKeyDown={(event) => event.key === 'Escape' && leaveCard()}
        onSubmit={(event) => {
          event.preventDefault();
          void copyCard(shown, site);
        }}
      >
        <div className="pane-scroll">
          <section className="section">
            <h2 className="heading">{t('cards.copyTitle')}</h2>
            <div className="card-offer">
              <IconDeviceSdCard size={18} stroke={1.5} aria-hidden="true" />
              <div className="card-offer-facts">
                <strong>
                  <MiddleCut text={shown.name} />
                </strong>
                {isPulled ? (
                  <p className="small tone-warn" role="status">
                    {t('cards.gone')}
                  </p>
                ) : (
                  <CardFacts card={shown} />
                )}
              </div>
            </div>
          </section>
          <section className="section">
            <label className="card-field">
              <span>{t('cards.site')}</span>
              <span className="field">
                <input
                  data-focus-first
                  data-focus-to="copy-acts"
                  autoFocus
                  value={site}
                  list="card-sites"
                  maxLength={200}
                  spellCheck={false}
                  onChange={(event) => nameSite(event.currentTarget.value)}
                />
              </span>
              <span className="small muted">{t('cards.siteHint')}</span>
            </label>
            <datalist id="card-sites">
              {sites.map((site) => (
                <option key={site} value={site} />
              ))}
            </datalist>
            <div className="card-field">
              <span>{t('cards.into')}</span>
              <div className="card-target">
                <IconFolder size={18} stroke={1.5} aria-hidden="true" />
                <MiddleCut text={folder} tail={24} />
                <button type="button" className="link end" onClick={() => void chooseCardTarget()}>
                  {t('cards.change')}
                </button>
              </div>
              <span className="small muted">{t('cards.intoHint')}</span>
            </div>
          </section>
        </div>
        <div className="pane-actions">
          <Button
            type="submit"
            tone="primary"
            disabled={isPulled || shown.content.kind === 'unreadable'}
            data-focus-to="copy-acts"
            icon={<IconCopy size={18} stroke={1.5} aria-hidden="true" />}
          >
            {t(shown.begun && shown.begun.site === (site.trim() || null) ? 'cards.goOn' : 'cards.copy')}
          </Button>
          <Button tone="quiet" onClick={leaveCard}>
            {t('common.cancel')}
          </Button>
        </div>
      </form>
    </aside>
  );
}
