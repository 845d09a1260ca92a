import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { SettingFilter } from './setting-row.tsx';
import { useCell } from '../../state/cell.ts';
import { settingMark, settingsGroup, settingsSearch } from '../../state/navigation.ts';
import { useSettings } from '../../state/queries.ts';
import { SettingsAbout } from './settings-about.tsx';
import { SettingsLook } from './settings-look.tsx';
import { SettingsResults } from './settings-results.tsx';
import { SettingsSpeed } from './settings-speed.tsx';
import { SettingsTrials } from './settings-trials.tsx';
import { SettingsUpdates } from './settings-updates.tsx';

const groups = ['look', 'speed', 'results', 'updates', 'trials', 'about'] as const;
type Group = (typeof groups)[number];
/** Pixels below the upper edge in which a heading counts as reached. */
const reach = 48;

export function SettingsView() {
  const { t } = useTranslation();
  const settings = useSettings().data;
  const search = useCell(settingsSearch).trim();
  const scroll = useRef<HTMLDivElement>(null);
  const { current, mark, pin } = useCurrentGroup();
  const wanted = useCell(settingsGroup);
  const isReady = settings !== undefined;
  useEffect(() => {
    if (!isReady || wanted === null) return;
    // A group that a search hides could not be shown.
    settingsSearch.set('');
    const mark = settingMark.get();
    const row = mark && scroll.current?.querySelector<HTMLElement>(`[data-setting="${mark}"]`);
    const heading = scroll.current?.querySelector<HTMLElement>(`#settings-${wanted}`);
    if (row) {
      row.scrollIntoView({ block: 'center' });
      const control = ['input', 'button'].map((kind) =>
        row.querySelector<HTMLElement>(`.setting-control ${kind}`),
      );
      control.find((one) => one !== null)?.focus({ preventScroll: true });
    } else {
      heading?.scrollIntoView({ block: 'start' });
      heading?.focus({ preventScroll: true });
    }
    const name = groups.find((one) => one === wanted);
    if (name && scroll.current) pin(name, scroll.current);
    settingsGroup.set(null);
  }, [wanted, isReady, pin]);
  const group = (name: Group, rows: ReactNode) => (
    <section aria-labelledby={`settings-${name}`}>
      <h2 className="heading" id={`settings-${name}`} tabIndex={-1}>
        {t(`settings.${name}`)}
      </h2>
      <SettingFilter value={{ search, group: t(`settings.${name}`) }}>{rows}</SettingFilter>
    </section>
  );
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={t('settings.groups')}>
        {groups.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={search === '' && name === current ? 'true' : undefined}
            onClick={() => {
              settingMark.set(null);
              settingsGroup.set(name);
            }}
          >
            {t(`settings.${name}`)}
          </button>
        ))}
      </nav>
      <div
        className={search === '' ? 'settings-groups' : 'settings-groups searching'}
        ref={scroll}
        onScroll={(event) => mark(event.currentTarget)}
      >
        {settings ? (
          <>
            {group('look', <SettingsLook settings={settings} />)}
            {group('speed', <SettingsSpeed settings={settings} />)}
            {group('results', <SettingsResults settings={settings} />)}
            {group('updates', <SettingsUpdates settings={settings} />)}
            {group('trials', <SettingsTrials settings={settings} />)}
            {group('about', <SettingsAbout />)}
            {search === '' ? null : (
              <p className="muted settings-nothing" role="status">
                {t('settings.nothing', { search })}
              </p>
            )}
          </>
        ) : null}
      </div>
    </div>
  );
}

/** The group that a person reads: the one that was asked for, until they scroll on to another. */
function useCurrentGroup() {
  const [current, setCurrent] = useState<Group>('look');
  const asked = useRef<{ readonly name: Group; readonly top: number } | null>(null);
  const mark = (scroller: HTMLElement): void => {
    // The last groups are too short to reach the upper edge.
    if (asked.current?.top === scroller.scrollTop) return setCurrent(asked.current.name);
    const edge = scroller.getBoundingClientRect().top + reach;
    const reached = groups.filter((name) => {
      const heading = scroller.querySelector(`#settings-${name}`);
      return heading !== null && heading.getBoundingClientRect().top <= edge;
    });
    setCurrent(reached.at(-1) ?? 'look');
  };
  const pin = useCallback((name: Group, scroller: HTMLElement): void => {
    asked.current = { name, top: scroller.scrollTop };
    setCurrent(name);
  }, []);
  return { current, mark, pin };
}
