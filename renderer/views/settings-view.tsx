import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCell } from '../state/cell.ts';
import { settingsGroup } from '../state/place.ts';
import { useSettings } from '../state/queries.ts';
import { SettingsAbout } from './settings-about.tsx';
import { SettingsLook } from './settings-look.tsx';
import { SettingsResults } from './settings-results.tsx';
import { SettingsSpeed } from './settings-speed.tsx';
import { SettingsTrials } from './settings-trials.tsx';
import { SettingsUpdates } from './settings-updates.tsx';

const groups = ['look', 'speed', 'results', 'updates', 'trials', 'about'] as const;
type Group = (typeof groups)[number];

export function SettingsView() {
  const { t } = useTranslation();
  const settings = useSettings().data;
  const scroll = useRef<HTMLDivElement>(null);
  const wanted = useCell(settingsGroup);
  const isReady = settings !== undefined;
  useEffect(() => {
    if (!isReady || wanted === null) return;
    const heading = scroll.current?.querySelector<HTMLElement>(`#settings-${wanted}`);
    heading?.scrollIntoView({ block: 'start' });
    heading?.focus({ preventScroll: true });
    settingsGroup.set(null);
  }, [wanted, isReady]);
  const group = (name: Group, rows: ReactNode) => (
    <section aria-labelledby={`settings-${name}`}>
      <h2 className="heading" id={`settings-${name}`} tabIndex={-1}>
        {t(`settings.${name}`)}
      </h2>
      {rows}
    </section>
  );
  return (
    <div className="settings">
      <nav className="settings-nav" aria-label={t('settings.groups')}>
        {groups.map((name) => (
          <button key={name} type="button" onClick={() => settingsGroup.set(name)}>
            {t(`settings.${name}`)}
          </button>
        ))}
      </nav>
      <div className="settings-groups" ref={scroll}>
        {settings ? (
          <>
            {group('look', <SettingsLook settings={settings} />)}
            {group('speed', <SettingsSpeed settings={settings} />)}
            {group('results', <SettingsResults settings={settings} />)}
            {group('updates', <SettingsUpdates settings={settings} />)}
            {group('trials', <SettingsTrials settings={settings} />)}
            {group('about', <SettingsAbout />)}
          </>
        ) : null}
      </div>
    </div>
  );
}
