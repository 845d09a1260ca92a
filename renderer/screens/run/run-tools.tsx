import { useState } from 'react';
import { Menu, SegmentedControl } from '@mantine/core';
import { IconCheck, IconChevronDown, IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunPage } from '../../../contract/runs/run.ts';
import { searchRows, showLabel, showRows } from '../../actions/look-at-run.ts';
import { Button } from '../../parts/button.tsx';
import { Count, useNumbers } from '../../parts/numbers.tsx';
import { useFindsThings, useRun, useRunSummary } from '../../state/run-queries.ts';
import type { Show, ShownRun } from '../../state/run-look.ts';
import { RunFilter } from './run-filter.tsx';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

type RunToolsProps = {
  readonly now: ShownRun;
  readonly counts: Omit<RunPage, 'rows'> | null;
};

/** Which of a run's answers are shown: of a kind, with a label, with a text in them. */
export function RunTools({ now, counts }: RunToolsProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const finds = useFindsThings(useRun(now.run).data);
  const [known, setKnown] = useState(counts);
  if (counts && counts !== known) setKnown(counts);
  // Where things are found, an answer without any is what takes a person's look; elsewhere one that is unsure.
  const kinds: readonly Show[] = ['all', finds ? 'empty' : 'unsure', 'faults'];
  const data = kinds.map((value) => ({
    value,
    label: (
      <>
        {t(`run.show.${value}`)}{' '}
        <span className="number muted">{known ? numbers.count(known[value]) : ''}</span>
      </>
    ),
  }));
  return (
    <div className="run-tools">
      <SegmentedControl
        value={now.show}
        onChange={(value) => showRows(now.run, value as Show)}
        data={data}
        aria-label={t('run.showWhich')}
      />
      <LabelFilter now={now} />
      <RunFilter now={now} />
      <label className="field end">
        <IconSearch size={18} stroke={1.5} aria-hidden="true" />
        <input
          data-search
          value={now.search}
          placeholder={t('run.search')}
          aria-label={t('run.search')}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => searchRows(now.run, event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && now.search !== '') searchRows(now.run, '');
            else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown')
              listBeside(event.currentTarget)?.focus();
            else return;
            event.preventDefault();
          }}
        />
        {now.search !== '' && counts ? <Hits total={counts.total} /> : null}
      </label>
    </div>
  );
}

const listBeside = (tool: Element): HTMLElement | null =>
  tool.closest('.run-list')?.querySelector<HTMLElement>('[role=grid]') ?? null;

function LabelFilter({ now: { run, label } }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  const top = useRunSummary(run).data?.top ?? [];
  const mark = (isChosen: boolean) => (isChosen ? <IconCheck {...at16} /> : <span className="no-mark" />);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          className="label-filter"
          aria-label={t('run.labelFilter')}
          disabled={top.length === 0 && label === null}
        >
          {t('run.label')}
          <IconChevronDown {...at16} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="label-filter-list">
        <Menu.Item leftSection={mark(label === null)} onClick={() => showLabel(run, null)}>
          {t('run.any')}
        </Menu.Item>
        {top.map((one) => (
          <Menu.Item
            key={one.label}
            leftSection={mark(label === one.label)}
            rightSection={<Count value={one.count} />}
            onClick={() => showLabel(run, one.label)}
          >
            {one.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** In words where there is room for them, for a screen reader always. */
function Hits({ total }: { readonly total: number }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const text = t('run.hits', { count: total, n: numbers.count(total) });
  return (
    <span className="number small muted run-hits" role="status">
      <span className="hidden-words">{text}</span>
      <span aria-hidden="true">{text}</span>
      <span aria-hidden="true">{numbers.count(total)}</span>
    </span>
  );
}
