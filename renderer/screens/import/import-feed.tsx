import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportPreview, Offer } from '../../../contract/lifecycle/update.ts';
import { installPendingImport } from '../../actions/import-model.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { VersionStep } from './version-step.tsx';
import type { PendingImport } from '../../state/pending-import.ts';
import { pendingImport } from '../../state/pending-import.ts';
import { useTimelines } from '../../state/lifecycle.ts';
import { ExpiredConsent } from './expired-consent.tsx';
import { WithheldList } from './withheld-list.tsx';

type FeedPreview = Extract<ImportPreview, { kind: 'feed' }>;

/** A feed on a stick or in a bundle: what it has for this computer, and what it has not. */
export function ImportFeed({ preview, now }: { readonly preview: FeedPreview; readonly now: PendingImport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [consents, setConsents] = useState(false);
  const { report } = preview;
  const { dates, offers } = report;
  const mayInstall = now.installing === null && (!dates.isExpired || consents);
  return (
    <>
      <p>
        {t('import.signedBy', { publisher: report.publisher, at: numbers.date(dates.issuedAt) })}{' '}
        {dates.isExpired ? null : t('import.validUntil', { at: numbers.date(dates.expiresAt) })}
      </p>
      {dates.isExpired ? <ExpiredConsent dates={dates} consents={consents} onChange={setConsents} /> : null}
      {offers.length === 0 ? <p className="muted">{t('import.nothingNew')}</p> : null}
      <ul className="import-offers">
        {offers.map((offer) => (
          <li key={`${offer.model} ${offer.version}`}>
            <OfferLine offer={offer} />
            <div className="modal-actions">
              <Button
                tone={offers.length === 1 ? 'primary' : undefined}
                disabled={!mayInstall}
                onClick={() =>
                  void installPendingImport({ model: offer.model, version: offer.version }, dates.isExpired)
                }
              >
                {t(
                  now.installing === `${offer.model}@${offer.version}`
                    ? 'import.installing'
                    : 'import.install',
                )}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <WithheldList report={report} />
      {offers.length === 0 ? (
        <div className="modal-actions">
          <Button data-autofocus onClick={() => pendingImport.set(null)}>
            {t('common.close')}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function OfferLine({ offer }: { readonly offer: Offer }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const timeline = useTimelines().data?.find((one) => one.model === offer.model);
  const facts = [
    { name: t('offer.publisher'), value: `${offer.signer.name}, ${numbers.date(offer.signer.at)}` },
    { name: t('offer.licence'), value: offer.licence },
    {
      name: t('offer.size'),
      value: t('offer.sizes', {
        size: numbers.bytes(offer.size),
        unpacked: numbers.bytes(offer.unpackedSize),
      }),
    },
  ];
  return (
    <>
      <VersionStep
        title={offer.title}
        from={timeline?.pointer.active ?? t('import.none')}
        to={offer.version}
      />
      {offer.note ? <p className="import-note">{offer.note}</p> : null}
      <Facts facts={facts} />
    </>
  );
}
