import { Switch } from '@mantine/core';
import { IconFileExport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ExportCount, ExportRows } from '../../../../contract/runs/export.ts';
import { copyText } from '../../../actions/ask-main.ts';
import { changeChoice, exportPicked, exportShown, leaveExport } from '../../../actions/export-run.ts';
import { ExportChoiceFields } from './export-choice.tsx';
import { ExportFormats } from './export-formats.tsx';
import { Button } from '../../../parts/button.tsx';
import { FaultCard } from '../../../parts/fault-card.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import { faultOf } from '../../../state/client.ts';
import { useExportCount, useExportRows } from '../../../state/exporting.ts';
import type { Exporting } from '../../../state/exporting.ts';
import { filterOf, isFiltered, useShownRun } from '../../../state/run-look.ts';
import { useUnsureBelow } from '../../../state/run-queries.ts';
import { KeepProfile } from './keep-profile.tsx';

type ExportFormProps = { readonly now: Exporting; readonly onWrite: () => void };

export function ExportForm({ now, onWrite }: ExportFormProps) {
  const { format } = now;
  const { t } = useTranslation();
  const rows = useExportRows(now);
  const counted = useExportCount(now);
  // That of the choice before keeps the formats in their places, and refuses nothing.
  const count = counted.isPlaceholderData ? undefined : counted.data;
  const fault = faultOf(rows.error) ?? faultOf(counted.error);
  if (fault)
    return <FaultCard title={t('exports.failed')} fault={fault} onCopy={(text) => void copyText(text)} />;
  return (
    <form
      className="export-form"
      onSubmit={(event) => {
        event.preventDefault();
        onWrite();
      }}
    >
      <OnlyPicked now={now} />
      <OnlyShown now={now} />
      <WithoutDuplicates now={now} duplicates={counted.data?.duplicates ?? 0} />
      <ExportFormats now={now} count={counted.data} />
      <ExportChoiceFields now={now} />
      <KeepProfile profile={now.profile} />
      <FirstRows rows={rows.data} />
      <div className="modal-actions">
        <p className="export-count small muted">
          {count ? <Counted count={count} /> : t('exports.counting')}
        </p>
        <Button onClick={() => void leaveExport()}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          tone="primary"
          // Enabled before all is counted, so that an early Enter is not lost.
          disabled={count !== undefined && !count.formats.includes(format)}
          icon={<IconFileExport size={18} stroke={1.5} aria-hidden="true" />}
        >
          {t('exports.write')}
        </Button>
      </div>
    </form>
  );
}

/** Offers to export only what was picked in the list; it stands first, since it says what the dialog is about. */
function OnlyPicked({ now: { picked, onlyPicked } }: { readonly now: Exporting }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (picked.length === 0) return null;
  return (
    <Switch
      label={t('exports.onlyPicked', { count: picked.length, n: numbers.count(picked.length) })}
      checked={onlyPicked}
      onChange={(event) => exportPicked(event.currentTarget.checked)}
    />
  );
}

/** Offers to export only what the filtered list shows. */
function OnlyShown({ now: { run, shown } }: { readonly now: Exporting }) {
  const { t } = useTranslation();
  const look = useShownRun(run);
  const unsureBelow = useUnsureBelow(run);
  if (!isFiltered(look) && shown === null) return null;
  return (
    <Switch
      label={t('exports.only')}
      checked={shown !== null}
      onChange={(event) =>
        exportShown(event.currentTarget.checked ? filterOf({ ...look, unsureBelow }) : null)
      }
    />
  );
}

type WithoutDuplicatesProps = { readonly now: Exporting; readonly duplicates: number };

/** Offers to count what is on two photos with the same content once. */
function WithoutDuplicates({ now: { choice }, duplicates }: WithoutDuplicatesProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isWithout = choice.duplicates === 'leave-out';
  if (duplicates === 0 && !isWithout) return null;
  return (
    <Switch
      label={t('exports.duplicates', { count: duplicates, n: numbers.count(duplicates) })}
      checked={isWithout}
      onChange={(event) =>
        changeChoice({ duplicates: event.currentTarget.checked ? 'leave-out' : undefined })
      }
    />
  );
}

/** Columns that a person looks at first; the others are in the file. */
const mostColumns = 6;

function FirstRows({ rows }: { readonly rows: ExportRows | undefined }) {
  const { t } = useTranslation();
  return (
    <section className="export-preview" aria-label={t('exports.preview')}>
      {rows ? <RowsTable rows={rows} /> : null}
    </section>
  );
}

function Counted({ count: { items, faults } }: { readonly count: ExportCount }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <>
      {t('exports.count', { count: items, n: numbers.count(items) })}
      {faults > 0 ? ` ${t('exports.countFaults', { count: faults, n: numbers.count(faults) })}` : ''}
    </>
  );
}

function RowsTable({ rows: { columns, rows } }: { readonly rows: ExportRows }) {
  const { t } = useTranslation();
  // Without the absolute path: the relative one is enough here.
  const shown = columns.map((name, at) => ({ name, at })).filter(({ name }) => name !== 'input');
  return (
    <div className="export-rows" tabIndex={0} role="group" aria-label={t('exports.preview')}>
      <table>
        <thead>
          <tr>
            {shown.slice(0, mostColumns).map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {shown.slice(0, mostColumns).map(({ name, at }) => (
                <td key={name} title={row[at]}>
                  {row[at]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
