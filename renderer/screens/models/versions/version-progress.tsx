import { useTranslation } from 'react-i18next';
import type { Offer } from '../../../../contract/lifecycle/update.ts';
import { FetchBar } from './fetch-bar.tsx';
import { Bytes, useNumbers } from '../../../parts/numbers.tsx';
import { trialProgress, useDownload } from '../../../state/lifecycle.ts';
import type { VersionProps } from './version-props.ts';

/** How far the bytes, the golden samples or the trial are. */
export function VersionProgress({ timeline, entry }: VersionProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const download = useDownload(timeline.model, entry.version);
  const trial = trialProgress(timeline, entry);
  if (download && entry.state.kind === 'downloading') {
    const { transferred, total, bytesPerSecond } = download;
    const left = bytesPerSecond > 0 ? ((total - transferred) / bytesPerSecond) * 1000 : null;
    return (
      <div className="version-fetch">
        <FetchBar share={total > 0 ? transferred / total : 0} isLive label={t('version.downloading')} />
        <span className="number">
          {t('fetch.of', { done: numbers.bytes(transferred), total: numbers.bytes(total) })}
        </span>
        <span className="muted number">{t('fetch.rate', { rate: numbers.bytes(bytesPerSecond) })}</span>
        <span className="muted">{left === null ? '' : t('fetch.left', { time: numbers.left(left) })}</span>
      </div>
    );
  }
  if (!trial) return null;
  return (
    <div className="version-fetch">
      <FetchBar
        share={trial.total > 0 ? trial.done / trial.total : 0}
        isLive
        label={t(`version.trial.${trial.phase}`)}
      />
      <span className="number">
        {t(`fetch.${trial.phase}`, { n: numbers.count(trial.done), all: numbers.count(trial.total) })}
      </span>
    </div>
  );
}

/** What a delta saves, before anything is fetched. */
export function OfferSize({ offer }: { readonly offer: Offer }) {
  const { t } = useTranslation();
  const fetched = offer.deltaSize ?? offer.size;
  return (
    <div className="version-fetch">
      {offer.deltaSize === null ? null : <FetchBar share={fetched / offer.size} label={t('fetch.toFetch')} />}
      <span>
        <Bytes value={fetched} />{' '}
        <span className="muted">
          {offer.deltaSize === null ? (
            t('fetch.toFetch')
          ) : (
            <>
              {t('fetch.toFetchOf')} <Bytes value={offer.size} />
            </>
          )}
        </span>
      </span>
    </div>
  );
}
