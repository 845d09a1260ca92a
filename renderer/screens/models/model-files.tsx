import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ModelDetail, VerifyReport } from '../../../contract/packs/model.ts';
import { useFaultText } from '../../parts/fault-text.ts';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { Passed } from './passed.tsx';

type ModelFilesProps = {
  readonly files: ModelDetail['files'];
  readonly report: VerifyReport | null;
  readonly isReading: boolean;
};

export function ModelFiles({ files, report, isReading }: ModelFilesProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  const faults = new Map(report?.files.map((file) => [file.path, file.fault]));
  return (
    <section>
      <div className="row model-heading">
        <h3 className="heading">{t('files.title')}</h3>
        <span className="end" aria-live="polite">
          {isReading ? (
            <span className="state-word tone-signal">{t('files.verifying')}</span>
          ) : report ? (
            <Passed
              passed={report.passed}
              text={t(report.passed ? 'files.verified' : 'files.changed', {
                ms: numbers.count(report.durationMs),
              })}
            />
          ) : null}
        </span>
      </div>
      <ul className="file-list" tabIndex={0} aria-label={t('files.title')}>
        {files.map((file) => {
          const fault = faults.get(file.path);
          return (
            <li
              key={file.path}
              className={fault ? 'tone-danger' : undefined}
              title={fault ? faultText.line(fault) : undefined}
            >
              <span className="row">
                {fault ? <IconAlertTriangle size={16} stroke={1.5} aria-label={faultText.line(fault)} /> : null}
                <MiddleCut text={file.path} tail={12} />
              </span>
              <span className="number">{numbers.count(file.size)}</span>
              <span className="mono muted" title={file.sha256}>
                {file.sha256.slice(0, 12)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
