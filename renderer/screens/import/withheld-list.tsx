import { useTranslation } from 'react-i18next';
import type { CheckReport } from '../../../contract/lifecycle/update.ts';
import { useFaultText } from '../../parts/fault-text.ts';

/** What a feed has and this computer does not take, and why. */
export function WithheldList({ report }: { readonly report: CheckReport }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  if (report.withheld.length + report.revoked.length === 0) return null;
  return (
    <section className="withheld">
      <h3 className="withheld-title">{t('updates.refused')}</h3>
      <ul>
        {report.withheld.map(({ model, version, fault }) => (
          <li key={`${model} ${version}`}>
            <span>{`${model} ${version}`}</span>
            <span className="muted" title={faultText.hint(fault)}>
              {faultText.line(fault)}
            </span>
            <span className="mono muted fault-code">{fault.code}</span>
          </li>
        ))}
        {report.revoked.map(({ model, version, reason }) => (
          <li key={`revoked ${model} ${version}`}>
            <span>{`${model} ${version}`}</span>
            <span className="muted">{t('updates.revoked', { reason })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
