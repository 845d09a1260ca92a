import { useTranslation } from 'react-i18next';
import type { Timeline } from '../../../../contract/lifecycle/timeline.ts';
import { TimelineVersion } from './timeline-version.tsx';
import { VersionHistory } from './version-history.tsx';

/** Every version of a model, newest first: what it is, where it came from, how it did, what can be done with it. */
export function TimelineList({ timeline }: { readonly timeline: Timeline }) {
  const { t } = useTranslation();
  return (
    <section className="timeline" aria-label={t('timeline.title')}>
      <ol>
        {timeline.versions.map((entry) => (
          <TimelineVersion key={entry.version} timeline={timeline} entry={entry} />
        ))}
      </ol>
      <VersionHistory events={timeline.events} />
    </section>
  );
}
