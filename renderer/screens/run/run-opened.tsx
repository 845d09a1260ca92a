import { IconArrowLeft, IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../contract/runs/run.ts';
import { copyText } from '../../actions/ask-main.ts';
import { revealFile } from '../../actions/file-menu.ts';
import { closeRow, openRow, showItem } from '../../actions/look-at-run.ts';
import { openPlaces } from '../../actions/places.ts';
import { reviewInRun } from '../../actions/review.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { useRunFolders, useRunItem, useRunRows, useUnsureBelow } from '../../state/run-queries.ts';
import { Answered } from '../answer/index.ts';
import type { Setting } from '../answer/index.ts';
import { useShiftText } from './places/index.ts';
import { useCloseTopmost } from '../../hooks/use-close-topmost.ts';
import { useViewKeys } from '../../hooks/use-view-keys.ts';
import { useIsShort } from '../../hooks/use-width.ts';

type RunOpenedProps = {
  readonly now: ShownRun;
  /** In Try, where other photos may follow. */
  readonly hasNext: boolean;
};

/** One of the run's photos; arrows go through the list as it is shown, Esc back to it. */
export function RunOpened({ now, hasNext }: RunOpenedProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isShort = useIsShort();
  const { run } = now;
  const unsureBelow = useUnsureBelow(run);
  const list = { ...now, unsureBelow };
  const { counts, rowAt } = useRunRows(list, now.focused, now.focused);
  const row = rowAt(now.focused);
  const item = useRunItem(now.run, row?.seq ?? null).data;
  const total = counts?.total ?? 0;
  const close = useCloseTopmost();
  useViewKeys({
    step: (by) => openRow(run, Math.max(0, Math.min(total - 1, now.focused + by))),
    back: () => {
      if (!close()) closeRow(run);
    },
  });
  const settingOf = useSetting(run);
  if (!row) return null;
  const setting = settingOf(row, item?.record?.camera?.takenAt);
  const isFresh = item?.row.seq === row.seq;
  const fault = row.fault;
  return (
    <Answered
      photo={row.ref}
      name={row.name}
      record={isFresh ? item.record : null}
      fault={fault}
      hasNext={hasNext}
      setting={setting}
      place={reviewInRun({ list, index: now.focused, seq: row.seq })}
      before={
        <>
          <Button
            size="small"
            tone="quiet"
            icon={<IconArrowLeft size={16} stroke={1.5} aria-hidden="true" />}
            aria-label={t('run.back')}
            title={t('run.back')}
            onClick={() => closeRow(run)}
          >
            <span className="tool-word">{t('run.back')}</span>
          </Button>
          <span className="small muted tool-fact">
            {t('run.place', { n: numbers.count(now.focused + 1), all: numbers.count(total) })}
          </span>
        </>
      }
      under={
        fault ? (
          <div className="under-well">
            <FaultCard
              title={t('fault.notRead', { name: row.name })}
              fault={fault}
              isFolded={isShort}
              onCopy={(text) => void copyText(`${row.name}\n${text}`)}
              actions={
                <Button
                  tone="quiet"
                  size="small"
                  icon={<IconFolderOpen size={16} stroke={1.5} aria-hidden="true" />}
                  onClick={() => void revealFile(row.ref)}
                >
                  {t('fault.showInFolder')}
                </Button>
              }
            />
          </div>
        ) : row.duplicateOf ? (
          <DuplicateOf run={run} first={row.duplicateOf} />
        ) : null
      }
    />
  );
}

type DuplicateOfProps = { readonly run: string; readonly first: NonNullable<RunRow['duplicateOf']> };

/** Which photo of the run has the same content, and the way to it. */
function DuplicateOf({ run, first: { seq, name } }: DuplicateOfProps) {
  const { t } = useTranslation();
  const text = t('run.duplicateOf', { name });
  return (
    <p className="under-well row small muted">
      <span className="cut" title={text}>
        {text}
      </span>
      <button type="button" className="link" onClick={() => showItem(run, seq)}>
        {t('run.showFirst')}
      </button>
    </p>
  );
}

/** The site and the clock that hold for the folder of a photo. */
function useSetting(run: string): (row: RunRow, takenAt: string | undefined) => Setting | undefined {
  const shiftText = useShiftText();
  const folders = useRunFolders(run).data;
  return ({ folder, name }, takenAt) => {
    const state = folders?.find((one) => one.folder === folder);
    return (
      state && {
        site: state.site,
        shiftS: state.shiftS,
        shift: shiftText(state.shiftS),
        change: () => openPlaces(run, folder, takenAt === undefined ? null : { name, takenAt }),
      }
    );
  };
}
