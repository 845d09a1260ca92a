import { Tooltip } from '@mantine/core';
import {
  IconAdjustmentsHorizontal,
  IconChartLine,
  IconCube,
  IconStack2,
  IconPhotoScan,
  IconPlugConnected,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { goTo } from '../actions/move.ts';
import { Mark } from './mark.tsx';
import { useCell } from '../state/cell.ts';
import { places } from '../state/navigation.ts';
import type { Place } from '../state/navigation.ts';
import { tryPage } from '../state/try-page.ts';
import { ModelsMark } from './models-mark.tsx';
import { RunsMark } from './runs-mark.tsx';
import { useIsNarrow } from '../hooks/use-width.ts';

const icons = {
  try: IconPhotoScan,
  runs: IconStack2,
  models: IconCube,
  settings: IconAdjustmentsHorizontal,
  monitor: IconChartLine,
  api: IconPlugConnected,
} as const;

export function Navigation({ at }: { readonly at: Place }) {
  const { t } = useTranslation();
  const now = useCell(tryPage);
  const marks: Partial<Record<Place, React.ReactNode>> = {
    runs: <RunsMark shown={now.kind === 'run' ? now.run : null} />,
    models: <ModelsMark />,
  };
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      <div className="brand">
        <Mark />
        <span className="word">Outpost</span>
      </div>
      {places.map((to) => (
        <NavButton key={to} to={to} at={at} mark={marks[to]} />
      ))}
    </nav>
  );
}

type NavButtonProps = {
  readonly to: Place;
  readonly at: Place;
  readonly mark?: React.ReactNode;
};

function NavButton({ to, at, mark }: NavButtonProps) {
  const { t } = useTranslation();
  const narrow = useIsNarrow();
  const Icon = icons[to];
  return (
    <Tooltip
      label={t(`place.${to}`)}
      position="right"
      disabled={!narrow}
      openDelay={100}
      events={{ hover: true, focus: true, touch: false }}
    >
      <button
        type="button"
        className={to === 'settings' ? 'foot' : undefined}
        aria-keyshortcuts={`Control+${places.indexOf(to) + 1}`}
        aria-current={at === to ? 'page' : undefined}
        aria-label={narrow ? t(`place.${to}`) : undefined}
        onClick={() => goTo(to)}
      >
        <Icon size={18} stroke={1.5} aria-hidden="true" />
        <span className="word">{t(`place.${to}`)}</span>
        {mark}
      </button>
    </Tooltip>
  );
}
