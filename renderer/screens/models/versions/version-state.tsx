import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircleCheck,
  IconCircleDashed,
  IconHistory,
  IconPackage,
  IconTrash,
} from '@tabler/icons-react';

export type StateLook =
  'offered' | 'live' | 'running' | 'installed' | 'previous' | 'removed' | 'failed' | 'denied';

const looks = {
  offered: { Icon: IconCircleDashed, tone: 'tone-accent' },
  live: { Icon: null, tone: 'tone-signal' },
  running: { Icon: IconCircleCheck, tone: 'tone-ok' },
  installed: { Icon: IconPackage, tone: 'muted' },
  previous: { Icon: IconHistory, tone: 'muted' },
  removed: { Icon: IconTrash, tone: 'muted' },
  failed: { Icon: IconAlertTriangle, tone: 'tone-danger' },
  denied: { Icon: IconArrowBackUp, tone: 'tone-warn' },
} as const;

/** The state of a version: a shape, a colour and a word. */
export function VersionStateWord({ look, text }: { readonly look: StateLook; readonly text: string }) {
  const { Icon, tone } = looks[look];
  return (
    <span className={`state-word ${tone}`}>
      {Icon ? <Icon size={16} stroke={1.5} aria-hidden="true" /> : <span className="now-dot" />}
      {text}
    </span>
  );
}
