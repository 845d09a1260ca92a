import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrialReport } from '../../../contract/lifecycle/trial.ts';
import { Bytes, useNumbers } from '../../parts/numbers.tsx';

type Side = TrialReport['sides']['from'];

/** Golden samples, time and memory of both versions side by side. */
export function TrialSides({ report }: { readonly report: TrialReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const line = (name: string, of: (side: Side) => ReactNode) => (
    <tr>
      <th scope="row">{name}</th>
      <td className="number">{of(report.sides.from) || '–'}</td>
      <td className="number">{of(report.sides.to) || '–'}</td>
    </tr>
  );
  return (
    <section className="section">
      <table className="trial-sides">
        <thead>
          <tr>
            <td />
            <th scope="col">{report.from}</th>
            <th scope="col">{report.to}</th>
          </tr>
        </thead>
        <tbody>
          {line(
            t('golden.title'),
            ({ golden }) =>
              golden &&
              golden.total > 0 &&
              t('golden.passed', {
                passed: numbers.count(golden.passed),
                total: numbers.count(golden.total),
              }),
          )}
          {line(t('trial.median'), ({ medianMs }) =>
            medianMs === null ? null : (
              <>
                {numbers.ms(medianMs)}
                <span className="unit">ms</span>
              </>
            ),
          )}
          {line(t('trial.memory'), ({ memoryBytes }) =>
            memoryBytes === null ? null : <Bytes value={memoryBytes} />,
          )}
        </tbody>
      </table>
    </section>
  );
}
