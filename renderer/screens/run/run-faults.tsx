import { IconAlertTriangle, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { showFault, showRows } from '../../actions/look-at-run.ts';
import { copyFaults } from '../../actions/runs.ts';
import { Button } from '../../parts/button.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { announce } from '../../state/notices.ts';
import { useRunSummary } from '../../state/run-queries.ts';

type RunFaultsProps = { readonly now: ShownRun; readonly count: number };

/** Why files could not be read and the way on, a line for each reason; each shows its files in the list. */
export function RunFaults({ now: { run, fault: chosen, show }, count }: RunFaultsProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  const reasons = useRunSummary(run).data?.reasons ?? [];
  if (count === 0) return null;
  const copy = async (): Promise<void> => {
    const copied = await copyFaults(run);
    if (copied !== null) announce('run.faultsCopied', { count: copied });
  };
  return (
    <section className="section run-unread">
      <div className="row">
        <IconAlertTriangle size={18} stroke={1.5} className="tone-danger" aria-hidden="true" />
        <h2 className="heading">
          <button type="button" className="link tone-danger" onClick={() => showRows(run, 'faults')}>
            {t('run.unread', { count, n: numbers.count(count) })}
          </button>
        </h2>
        <Button
          tone="quiet"
          size="small"
          className="end"
          title={t('run.copyListHint')}
          icon={<IconCopy size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => void copy()}
        >
          {t('run.copyList')}
        </Button>
      </div>
      <ul>
        {reasons.map(({ code, count: many, example }) => (
          <li key={code}>
            <button
              type="button"
              className="reason-line"
              aria-pressed={show === 'faults' && chosen === code}
              onClick={() => showFault(run, chosen === code ? null : code)}
            >
              <span className="row">
                <span className="cut" title={faultText.line(example)}>
                  {t(`run.reason.${code}`, { defaultValue: faultText.short(example) })}
                </span>
                <span className="number end">{numbers.count(many)}</span>
              </span>
              <span className="small muted reason-hint">{faultText.hint(example)}</span>
              <span className="mono muted run-code">{code}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
