import { IconPhotoSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { showGroups } from '../../../actions/similar.ts';
import { Button } from '../../../parts/button.tsx';
import { useRuns } from '../../../state/run-queries.ts';

/** The way to the photos that are alike, as soon as there are some to compare. */
export function GroupsLink() {
  const { t } = useTranslation();
  const runs = useRuns().data ?? [];
  if (runs.length === 0) return null;
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
