import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunPage } from '../../../contract/runs/run.ts';
import { narrowRows, showAllRows, showFault, showLabel } from '../../actions/look-at-run.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { useCameraName, usePeriodText } from './filter-texts.ts';

type RunChipsProps = { readonly now: ShownRun; readonly counts: Omit<RunPage, 'rows'> | null };
type ChipProps = { readonly name: string; readonly value: string; readonly onRemove: () => void };

/** What the list is filtered by, each to be taken away by a press, and how much of it is left. */
export function RunChips({ now, counts }: RunChipsProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const cameraName = useCameraName(now.run);
  const periodText = usePeriodText();
  const { run, label, fault, camera, site, from, to, review, duplicates } = now;
  const chips: readonly ChipProps[] = [
    label === null ? null : { name: t('run.label'), value: label, onRemove: () => showLabel(run, null) },
    fault === null ? null : { name: t('run.reason'), value: fault, onRemove: () => showFault(run, null) },
    camera === null
      ? null
      : {
          name: t('run.camera'),
          value: cameraName(camera),
          onRemove: () => narrowRows(run, { camera: null }),
        },
    site === null
      ? null
      : { name: t('run.site'), value: site, onRemove: () => narrowRows(run, { site: null }) },
    from === null && to === null
      ? null
      : {
          name: t('run.taken'),
          value: periodText(from, to),
          onRemove: () => narrowRows(run, { from: null, to: null }),
        },
    review === null
      ? null
      : {
          name: t('run.review'),
          value: t(`run.review.${review}`),
          onRemove: () => narrowRows(run, { review: null }),
        },
    duplicates === null
      ? null
      : {
          name: t('run.duplicates'),
          value: t(`run.duplicates.${duplicates}`),
          onRemove: () => narrowRows(run, { duplicates: null }),
        },
  ].filter((chip) => chip !== null);
  if (chips.length === 0) return null;
  return (
    <div className="run-chips">
      {chips.map((chip) => (
        <Chip key={chip.name} {...chip} />
      ))}
      <span className="small muted end" role="status">
        {counts ? t('run.shownOf', { n: numbers.count(counts.total), all: numbers.count(counts.all) }) : ''}
      </span>
      <button type="button" className="link small" onClick={() => showAllRows(run)}>
        {t('run.showAll')}
      </button>
    </div>
  );
}

function Chip({ name, value, onRemove }: ChipProps) {
  const { t } = useTranslation();
  return (
    <Button
      size="small"
      className="run-chip"
      aria-label={t('run.removeFilter', { filter: `${name} ${value}` })}
      title={t('run.removeFilter', { filter: `${name} ${value}` })}
      onClick={onRemove}
    >
      <span className="muted">{name}</span>
      <span className="cut run-chip-value">{value}</span>
      <IconX size={14} stroke={1.5} aria-hidden="true" />
    </Button>
  );
}
