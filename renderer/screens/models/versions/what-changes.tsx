import { useTranslation } from 'react-i18next';
import type { TimelineEntry } from '../../../../contract/lifecycle/timeline.ts';
import { Facts } from '../../../parts/facts.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';

/** Everything that is worth knowing of an offered version before it is accepted. */
export function WhatChanges({ id, entry }: { readonly id: string; readonly entry: TimelineEntry }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { offer } = entry;
  if (!offer) return null;
  const facts = [
    { name: t('offer.about'), value: offer.summary },
    { name: t('offer.licence'), value: offer.licence },
    {
      name: t('offer.size'),
      value: t('offer.sizes', {
        size: numbers.bytes(offer.size),
        unpacked: numbers.bytes(offer.unpackedSize),
      }),
    },
    {
      name: t('offer.toFetch'),
      value:
        offer.deltaSize === null
          ? t('offer.whole', { size: numbers.bytes(offer.size) })
          : t('offer.delta', { size: numbers.bytes(offer.deltaSize) }),
    },
    { name: t('offer.published'), value: numbers.date(offer.publishedAt) },
    {
      name: t('offer.digest'),
      value: offer.digest.replace('sha256:', '').slice(0, 12),
      mono: true,
      title: offer.digest,
    },
    { name: t('offer.key'), value: offer.signer.key, mono: true },
  ];
  return (
    <div id={id} className="what-changes">
      {offer.note && offer.note !== entry.note ? <p className="version-note">{offer.note}</p> : null}
      <Facts facts={facts} />
      <p className="small muted">{t('offer.thenTrial')}</p>
    </div>
  );
}
