import { IconPhotoSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { showGroups } from '../../../actions/similar.ts';
import { Button } from '../../../parts/button.tsx';
import { useEndedRuns, useLiveRuns } from '../../../state/run-queries.ts';

/** The way to the photos that are alike, as soon as there are some to compare. */
export function GroupsLink() {
  const { t } = useTranslation();
  const live = useLiveRuns().data ?? [];
  const ended = useEndedRuns({ search: '', show: 'all' }).data?.pages[0];
  if (live.length === 0 && (ended?.total ?? 0) === 0) return null;
  return (
    <div className="row">
      <Button
        tone="quiet"
        size="small"
        icon={<IconPhotoSearch size={16} stroke={1.5} aria-hidden="true" />}
        onClick={showGroups}
      >
        {t('similar.groups')}
      </Button>
    </div>
  );
}
