import { SegmentedControl } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../contract/calls/calls.ts';
import { clearTry } from '../../../actions/clear-try.ts';
import { useViewKeys } from '../../../hooks/use-view-keys.ts';
import { useFaultText } from '../../../parts/fault-text.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useCell } from '../../../state/cell.ts';
import { faultOf } from '../../../state/client.ts';
import { groupLeast, groupLevels, useGroups } from '../../../state/similar.ts';
import { GroupRow } from './group-row.tsx';
import './groups.css';

/** Stored photos that are alike: shots of one burst, forms of one photo, copies. A click shows a group's photos. */
export function GroupsView() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const least = useCell(groupLeast);
  const { data, error, isPlaceholderData } = useGroups(least);
  const faultText = useFaultText();
  const fault = faultOf(error);
  useViewKeys({ step: () => undefined, back: clearTry });
  const levels = groupLevels.map((level) => ({ value: String(level), label: numbers.share(level) }));
  return (
    <section
      className="groups"
      aria-label={t('similar.groups')}
      aria-busy={(!data && !fault) || isPlaceholderData}
    >
      <div className="row groups-head">
        <h2 className="title">{t('similar.groups')}</h2>
        <div className="row end">
          <span className="muted" id="group-level">
            {t('similar.alikeBy')}
          </span>
          <SegmentedControl
            value={String(least)}
            onChange={(value) => groupLeast.set(Number(value))}
            data={levels}
            aria-labelledby="group-level"
          />
        </div>
      </div>
      <p className="muted" role="status">
        {fault ? faultText.message(fault) : data ? <Counted found={data} /> : t('similar.looking')}
      </p>
      <ul className="group-list">
        {data?.groups.map((group) => (
          <GroupRow key={group.photos[0]?.ref} group={group} />
        ))}
      </ul>
    </section>
  );
}

/** How many there are, and what is not among them. */
function Counted({ found }: { readonly found: CallOutput<'similar.groups'> }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { total, groups, compared, missing } = found;
  const lines = [
    total === 0
      ? t('similar.noGroups', { count: compared, n: numbers.count(compared) })
      : t('similar.groupCount', { count: total, n: numbers.count(total), all: numbers.count(compared) }),
    groups.length < total ? t('similar.groupsShown', { n: numbers.count(groups.length) }) : null,
    missing > 0 ? t('similar.missing', { count: missing, n: numbers.count(missing) }) : null,
  ];
  return <>{lines.filter(Boolean).join(' ')}</>;
}
