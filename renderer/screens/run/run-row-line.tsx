import { memo } from 'react';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../contract/runs/run.ts';
import { countsText } from '../../tasks/counts-text.ts';
import { Bar } from '../../parts/bar.tsx';
import { BoxMarks } from '../../parts/boxes/index.ts';
import { useFaultText } from '../../parts/fault-text.ts';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';

/** What a long folder keeps beside a long name: its ends, and the sign that it was cut; of a short one, less than its letters take. */
const leastFolder = 'clamp(60px, 35%, 140px)';

type RunRowLineProps = {
  readonly index: number;
  readonly top: number;
  /** Null while its page is on its way. */
  readonly row: RunRow | null;
  readonly unsureBelow: number;
  readonly isFocused: boolean;
  readonly isSelected: boolean;
  readonly onPress: (index: number, event: React.MouseEvent) => void;
  readonly onOpen: (index: number) => void;
  readonly onDrag: (event: React.DragEvent, row: RunRow) => void;
};

function sameLine(before: RunRowLineProps, after: RunRowLineProps): boolean {
  const rowBefore = before.row;
  const rowAfter = after.row;
  return (
    before.index === after.index &&
    before.top === after.top &&
    before.isFocused === after.isFocused &&
    before.isSelected === after.isSelected &&
    before.onPress === after.onPress &&
    before.unsureBelow === after.unsureBelow &&
    rowBefore?.seq === rowAfter?.seq &&
    rowBefore?.ref === rowAfter?.ref &&
    rowBefore?.score === rowAfter?.score &&
    rowBefore?.durationMs === rowAfter?.durationMs &&
    rowBefore?.confirmed === rowAfter?.confirmed &&
    rowBefore?.duplicateOf?.name === rowAfter?.duplicateOf?.name &&
    rowBefore?.fault?.code === rowAfter?.fault?.code &&
    (rowBefore?.found === null) === (rowAfter?.found === null)
  );
}

/** Memoised: of ten thousand rows only those whose data changed render again. */
export const RunRowLine = memo(function RunRowLine({
  index,
  top,
  row,
  unsureBelow,
  isFocused,
  isSelected,
  onPress,
  onOpen,
  onDrag,
}: RunRowLineProps) {
  return (
    <div
      id={`row-${index}`}
      role="row"
      // ARIA counts from 1, and the row of heads is the first.
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      data-focused={isFocused || undefined}
      className="run-row"
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onPress(index, event)}
      onDoubleClick={() => onOpen(index)}
      draggable={row !== null}
      onDragStart={(event) => row && onDrag(event, row)}
    >
      {row ? (
        <Cells row={row} unsureBelow={unsureBelow} />
      ) : (
        <span className="run-picture" role="gridcell">
          <span className="thumbnail" />
        </span>
      )}
    </div>
  );
}, sameLine);

/** What a person said: a tick where the model said so too, else their own word. */
function Confirmed({ row, label }: { readonly row: RunRow; readonly label: string }) {
  const { t } = useTranslation();
  const name = label === '' ? t('boxes.none') : label;
  const title = t('run.confirmed', { label: name });
  return (
    <span className="row run-confirmed small" title={title}>
      <IconCheck size={16} stroke={1.5} role="img" aria-label={title} />
      {label === (row.label ?? '') ? null : <span className="cut">{name}</span>}
    </span>
  );
}

function Duplicate({ of }: { readonly of: string }) {
  const { t } = useTranslation();
  const title = t('run.duplicateOf', { name: of });
  return (
    <span className="run-duplicate muted" title={title}>
      <IconCopy size={16} stroke={1.5} role="img" aria-label={title} />
    </span>
  );
}

function Cells({ row, unsureBelow }: { readonly row: RunRow; readonly unsureBelow: number }) {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  const counts = row.found && (countsText(row.found.counts, i18n.language) ?? t('boxes.none'));
  const isEmpty = row.fault === null && row.label === null;
  const isUnsure = row.score !== null && row.score < unsureBelow && !row.found;
  return (
    <>
      <span className="run-picture" role="gridcell">
        <Thumbnail key={row.ref} photo={row.ref} edge={96} bad={row.fault !== null} />
        {row.found ? <BoxMarks boxes={row.found.boxes} photo={row.found} /> : null}
      </span>
      <span
        className="run-name"
        role="gridcell"
        title={row.folder === '' ? row.name : `${row.folder}/${row.name}`}
      >
        {row.folder === '' ? null : (
          <span
            className="muted run-folder"
            style={{ minWidth: `min(${0.5 * (row.folder.length + 1)}ch, ${leastFolder})` }}
          >
            <MiddleCut text={`${row.folder}/`} tail={4} />
          </span>
        )}
        <MiddleCut text={row.name} />
        {row.duplicateOf ? <Duplicate of={row.duplicateOf.name} /> : null}
      </span>
      {row.fault ? (
        <span
          className="cut tone-danger run-fault"
          role="gridcell"
          aria-colspan={4}
          title={faultText.line(row.fault)}
        >
          {faultText.short(row.fault)}
        </span>
      ) : (
        <>
          <span className="run-answer" role="gridcell">
            <span className={isUnsure || isEmpty ? 'cut muted' : 'cut'} title={counts ?? row.label ?? ''}>
              {isUnsure
                ? t('run.unsureLabel', { label: row.label })
                : (counts ?? row.label ?? t('boxes.none'))}
            </span>
            {row.confirmed === null ? null : <Confirmed row={row} label={row.confirmed} />}
          </span>
          <span role="gridcell">
            {isEmpty ? null : <Bar thin value={row.score ?? 0} kind={isUnsure ? 'below' : 'first'} />}
          </span>
          <span role="gridcell" className="number">
            {isEmpty ? null : <Percent value={row.score ?? 0} />}
          </span>
          <span
            role="gridcell"
            className="number muted"
            title={row.cached ? t('run.fromCacheHint') : undefined}
          >
            {row.cached ? t('run.kept') : row.durationMs === null ? '' : numbers.count(row.durationMs)}
          </span>
        </>
      )}
    </>
  );
}
