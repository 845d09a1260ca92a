import { useTranslation } from 'react-i18next';
import type { Timeline, TimelineEntry } from '../../../../contract/lifecycle/timeline.ts';
import { isWatched } from '../../../state/lifecycle.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import type { StateLook } from './version-state.tsx';

type VersionLook = { readonly look: StateLook; readonly text: string };

/** Icon and text of a version's state. */
export function useVersionLook(timeline: Timeline, entry: TimelineEntry): VersionLook {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { state } = entry;
  const { canary } = timeline;
  if (entry.revoked !== null) return { look: 'failed', text: t('version.revoked') };
  if (state.kind === 'failed') return { look: 'failed', text: t('version.failed') };
  if (entry.denied) return { look: 'denied', text: t('version.denied') };
  switch (state.kind) {
    case 'offered':
      return { look: 'offered', text: t('version.offered') };
    case 'downloading':
      return { look: 'live', text: t('version.downloading') };
    case 'downloaded':
    case 'verified':
      return { look: 'installed', text: t(`version.${state.kind}`) };
    case 'installed':
      return { look: 'installed', text: t('version.installed') };
    case 'previous':
      return { look: 'previous', text: t('version.previous') };
    case 'swept':
      return {
        look: entry.offer ? 'offered' : 'removed',
        text: t(entry.offer ? 'version.offered' : 'version.swept'),
      };
    case 'active': {
      const isPinned = timeline.policy.kind === 'specific' && timeline.policy.version === entry.version;
      if (canary && isWatched(timeline, entry))
        return {
          look: 'live',
          text: t('version.firstAnswers', {
            n: numbers.count(canary.answered),
            of: numbers.count(canary.of),
          }),
        };
      return { look: 'running', text: t(isPinned ? 'version.pinned' : 'version.active') };
    }
    case 'on-trial':
      return {
        look: 'live',
        text:
          state.phase === 'canary' && canary
            ? t('version.firstAnswers', { n: numbers.count(canary.answered), of: numbers.count(canary.of) })
            : t(`version.trial.${state.phase}`),
      };
  }
}
