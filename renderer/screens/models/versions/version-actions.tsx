import {
  IconArrowBackUp,
  IconCheck,
  IconDownload,
  IconFlask,
  IconListDetails,
  IconPin,
  IconPinnedOff,
  IconPlayerStop,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import {
  cancelVersion,
  getVersion,
  rollBack,
  setPolicy,
  switchTo,
  tryVersion,
} from '../../../actions/lifecycle.ts';
import { showTrial } from '../../../actions/move.ts';
import { Button } from '../../../parts/button.tsx';
import { useCell } from '../../../state/cell.ts';
import { isArriving, isOffered, trialProgress, underWay } from '../../../state/lifecycle.ts';
import type { VersionProps } from './version-props.ts';

/** Whether what a version changes is shown below it, and the id of that element. */
type Changes = { readonly isOpen: boolean; readonly id: string; readonly toggle: () => void };
const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

/** What is likely to be done next with a version; everything else is in its menu. */
export function VersionActions({ timeline, entry, changes }: VersionProps & { readonly changes: Changes }) {
  const { t } = useTranslation();
  const { model } = timeline;
  const { version, state } = entry;
  const name = { model, version };
  const doing = useCell(underWay).get(`${model}@${version}`);
  const isBusy = doing !== undefined;
  const withVersion = (key: string): string => `${t(key)} ${version}`;
  // One button for all steps of an installation: there is nothing to decide between them.
  const isPassing = ['downloading', 'downloaded', 'verified'].includes(state.kind);
  if (isPassing || isArriving(doing) || trialProgress(timeline, entry) !== null)
    return (
      <Button icon={<IconPlayerStop {...at18} />} onClick={() => void cancelVersion(name)}>
        {t('common.cancel')}
      </Button>
    );
  if (isOffered(entry))
    return (
      <>
        {entry.offer ? (
          <Button
            tone="quiet"
            aria-expanded={changes.isOpen}
            aria-controls={changes.isOpen ? changes.id : undefined}
            onClick={changes.toggle}
          >
            {t('version.whatChanges')}
          </Button>
        ) : null}
        <Button
          tone="primary"
          disabled={isBusy}
          icon={<IconDownload {...at18} />}
          onClick={() => void getVersion(name)}
        >
          {t('version.get')}
        </Button>
      </>
    );
  // Denied versions can only be switched to from the menu.
  if (state.kind === 'installed' && (entry.denied ?? entry.revoked) !== null) return null;
  switch (state.kind) {
    case 'on-trial':
      return timeline.trial?.to === version ? (
        <Button tone="primary" icon={<IconListDetails {...at18} />} onClick={() => showTrial(model, version)}>
          {t('version.showTrial')}
        </Button>
      ) : (
        <Button disabled={isBusy} icon={<IconCheck {...at18} />} onClick={() => void switchTo(name)}>
          {t('version.switch')}
        </Button>
      );
    case 'installed':
      return (
        <Button
          disabled={isBusy}
          aria-label={withVersion('version.try')}
          icon={<IconFlask {...at18} />}
          onClick={() => void tryVersion(name)}
        >
          {t('version.try')}
        </Button>
      );
    case 'previous':
      return (
        <Button
          disabled={isBusy}
          icon={<IconArrowBackUp {...at18} />}
          onClick={() => void rollBack(model, version)}
        >
          {t('version.rollBack')}
        </Button>
      );
    case 'active':
      return <Pin timeline={timeline} entry={entry} />;
    default:
      return null;
  }
}

function Pin({ timeline, entry }: VersionProps) {
  const { t } = useTranslation();
  const { model, policy } = timeline;
  const isPinned = policy.kind === 'specific' && policy.version === entry.version;
  const Icon = isPinned ? IconPinnedOff : IconPin;
  return (
    <Button
      title={t(isPinned ? 'version.unpinHint' : 'version.pinHint')}
      icon={<Icon {...at18} />}
      onClick={() =>
        void setPolicy(model, isPinned ? { kind: 'latest' } : { kind: 'specific', version: entry.version })
      }
    >
      {t(isPinned ? 'version.unpin' : 'version.pin')}
    </Button>
  );
}
