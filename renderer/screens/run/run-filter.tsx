import { useState } from 'react';
import { Popover, Select } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { narrowRows } from '../../actions/look-at-run.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { useRun, useRunFacets, useRunSummary } from '../../state/run-queries.ts';
import { cameraText } from './filter-texts.ts';

/** Facets that are searched by writing rather than looked through. */
const manyFacets = 8;

/** By camera, site and day, as far as the photos of the run say them. */
export function RunFilter({ now }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const facets = useRunFacets(now.run).data;
  const summary = useRunSummary(now.run).data;
  const state = useRun(now.run).data;
  const { run, camera, site, from, to, review, duplicates } = now;
  const hasSites = (facets?.sites.length ?? 0) > 1 || site !== null;
  if (!facets || !summary || !state || state.counts.answered === 0) return null;
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-start"
      width={320}
      offset={4}
      closeOnEscape={false}
      trapFocus
      returnFocus
      transitionProps={{ duration: 120 }}
    >
      <Popover.Target>
        <Button
          className="run-filter"
          title={t('run.filterHint')}
          icon={<IconFilter size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => setIsOpen((before) => !before)}
        >
          {t('run.filter')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown
        className="run-filter-form"
        // Esc closes an open list of choices first; on the page it is still open while the key bubbles up here.
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.currentTarget.querySelector('[aria-expanded=true]'))
            setIsOpen(false);
        }}
      >
        <Facet
          label={t('run.review')}
          any={t('run.anyReview')}
          value={review}
          options={[
            {
              value: 'open',
              text: t('run.review.open'),
              count: Math.max(0, state.counts.answered - summary.reviewed),
            },
            { value: 'done', text: t('run.review.done'), count: summary.reviewed },
          ]}
          onChange={(chosen) =>
            narrowRows(run, { review: chosen === 'open' || chosen === 'done' ? chosen : null })
          }
        />
        {summary.duplicates > 0 || duplicates !== null ? (
          <Facet
            label={t('run.duplicates')}
            any={t('run.anyDuplicates')}
            value={duplicates}
            options={[
              {
                value: 'without',
                text: t('run.duplicates.without'),
                count: state.counts.answered + state.counts.faults - summary.duplicates,
              },
              { value: 'only', text: t('run.duplicates.only'), count: summary.duplicates },
            ]}
            onChange={(chosen) =>
              narrowRows(run, { duplicates: chosen === 'only' || chosen === 'without' ? chosen : null })
            }
          />
        ) : null}
        {facets.cameras.length > 0 ? (
          <Facet
            label={t('run.camera')}
            any={t('run.anyCamera')}
            value={camera}
            options={facets.cameras.map((one) => ({
              value: one.camera,
              text: cameraText(one),
              count: one.count,
            }))}
            onChange={(chosen) => narrowRows(run, { camera: chosen })}
          />
        ) : null}
        {hasSites ? (
          <Facet
            label={t('run.site')}
            any={t('run.anySite')}
            value={site}
            options={facets.sites.map((one) => ({ value: one.site, text: one.site, count: one.count }))}
            onChange={(chosen) => narrowRows(run, { site: chosen })}
          />
        ) : null}
        {facets.firstTaken === null ? null : (
          <fieldset className="run-days">
            <legend>{t('run.taken')}</legend>
            <Day
              label={t('run.firstDay')}
              value={from}
              bounds={facets}
              onChange={(day) => narrowRows(run, { from: day, ...(isBehind(day, to) && { to: day }) })}
            />
            <Day
              label={t('run.lastDay')}
              value={to}
              bounds={facets}
              onChange={(day) => narrowRows(run, { to: day, ...(isBehind(from, day) && { from: day }) })}
            />
          </fieldset>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Days are written so that their texts have their order. */
const isBehind = (from: string | null, to: string | null): boolean =>
  from !== null && to !== null && from > to;

type FacetProps = {
  readonly label: string;
  readonly any: string;
  readonly value: string | null;
  readonly options: readonly { readonly value: string; readonly text: string; readonly count: number }[];
  readonly onChange: (value: string | null) => void;
};

function Facet({ label, any, value, options, onChange }: FacetProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isSearched = options.length > manyFacets;
  const chosen = options.find((option) => option.value === value)?.text ?? value ?? '';
  const [search, setSearch] = useState(chosen);
  const counts = new Map(options.map((option) => [option.value, option.count]));
  const known = options.map((option) => ({ value: option.value, label: option.text }));
  // A filter on a value that the run no longer has (a site was renamed) must still be removable.
  const lost = value !== null && !counts.has(value) ? [{ value, label: value }] : [];
  return (
    <Select
      label={label}
      // What is written is looked for, so nothing stands in the field before it, and what does is written over.
      value={value ?? (isSearched ? null : '')}
      placeholder={any}
      searchable={isSearched}
      {...(isSearched && {
        searchValue: search,
        onSearchChange: setSearch,
        // What was written and not chosen is forgotten.
        onDropdownClose: () => setSearch(chosen),
      })}
      onClick={({ currentTarget }) => {
        if (isSearched) currentTarget.select();
      }}
      nothingFoundMessage={t('run.noneByName')}
      maxDropdownHeight={240}
      comboboxProps={{ withinPortal: false }}
      data={[{ value: '', label: any }, ...known, ...lost]}
      renderOption={({ option }) => (
        <span className="facet-option">
          <span className="cut" title={option.label}>
            {option.label}
          </span>
          {option.value === '' ? null : (
            <span className="number muted">{numbers.count(counts.get(option.value) ?? 0)}</span>
          )}
        </span>
      )}
      onChange={(chosen) => onChange(chosen === '' ? null : chosen)}
    />
  );
}

type DayProps = {
  readonly label: string;
  readonly value: string | null;
  readonly bounds: { readonly firstTaken: string | null; readonly lastTaken: string | null };
  readonly onChange: (day: string | null) => void;
};

function Day({ label, value, bounds, onChange }: DayProps) {
  const [isAt, setIsAt] = useState(false);
  const dayOf = (time: string | null): string | undefined =>
    // Chromium fills in the month and the year that both bounds share, and an empty field would look half-filled.
    isAt || value !== null ? time?.slice(0, 10) : undefined;
  return (
    <label>
      <span className="small muted">{label}</span>
      <span className="field">
        <input
          type="date"
          value={value ?? ''}
          min={dayOf(bounds.firstTaken)}
          max={dayOf(bounds.lastTaken)}
          onFocus={() => setIsAt(true)}
          onBlur={() => setIsAt(false)}
          onChange={({ target }) => onChange(target.value === '' ? null : target.value)}
        />
      </span>
    </label>
  );
}
