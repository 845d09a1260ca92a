import { useTranslation } from 'react-i18next';
import type { TrialItem, TrialReport } from '../../../contract/lifecycle/trial.ts';
import { revealFile } from '../../actions/file-menu.ts';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import { useCell } from '../../state/cell.ts';
import { useTrialItems } from '../../state/lifecycle.ts';
import { itemsLook } from '../../state/trial-look.ts';

const most = 100;

/** The photos behind a number. */
export function TrialItems({ report }: { readonly report: TrialReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const look = useCell(itemsLook);
  const query = look && {
    id: report.id,
    labelId: look.labelId ?? undefined,
    verdict: look.verdict,
    offset: 0,
    limit: most,
  };
  const page = useTrialItems(query).data;
  if (!look)
    return report.sums.items > 0 ? (
      <section className="section">
        <p className="muted">{t('trial.chooseCount')}</p>
      </section>
    ) : null;
  return (
    <section className="section" aria-live="polite">
      <div className="row trial-heading">
        <h2 className="heading cut" title={look.label}>
          {t('trial.items', { label: look.label, verdict: t(`trial.lower.${look.verdict}`) })}
        </h2>
        <span className="small muted end">
          {page ? t('trial.itemCount', { count: page.total, n: numbers.count(page.total) }) : ''}
        </span>
      </div>
      <ul className="trial-items">
        {(page?.items ?? []).map((item) => (
          <Item key={item.ref} item={item} report={report} />
        ))}
      </ul>
      {page && page.total > page.items.length ? (
        <p className="small muted">
          {t('trial.firstOf', { n: numbers.count(page.items.length), all: numbers.count(page.total) })}
        </p>
      ) : null}
    </section>
  );
}

function Item({ item, report }: { readonly item: TrialItem; readonly report: TrialReport }) {
  const { t } = useTranslation();
  return (
    <li>
      <button type="button" title={t('fault.showInFolder')} onClick={() => void revealFile(item.ref)}>
        <span className="trial-picture">
          <Thumbnail photo={item.ref} edge={192} />
        </span>
        <span className="grow">
          <MiddleCut text={item.name} />
          <span className="small trial-answer">
            <Side version={report.from} score={item.from} />
            <Side version={report.to} score={item.to} />
          </span>
        </span>
      </button>
    </li>
  );
}

function Side({ version, score }: { readonly version: string; readonly score: TrialItem['from'] }) {
  return (
    <span className="row">
      <span className="muted">{version}</span>
      <span className="cut" title={score?.label}>
        {score?.label ?? '–'}
      </span>
      {score ? (
        <span className="end">
          <Percent value={score.score} />
        </span>
      ) : null}
    </span>
  );
}
