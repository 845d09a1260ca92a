import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../contract/calls/calls.ts';
import { openGroup } from '../../../actions/similar.ts';
import { MiddleCut } from '../../../parts/middle-cut.tsx';
import { Percent, useNumbers } from '../../../parts/numbers.tsx';
import { Thumbnail } from '../../../parts/thumbnail.tsx';

type Group = CallOutput<'similar.groups'>['groups'][number];
const mostPictures = 6;

/** One group: how many, where, when, and its first photos. */
export function GroupRow({ group }: { readonly group: Group }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { photos, count, folder, from, to, similarity } = group;
  const names = [photos[0]?.name, photos.at(-1)?.name];
  const spanMs = Date.parse(to) - Date.parse(from);
  const when =
    spanMs < 1000
      ? numbers.day(from)
      : t('similar.within', { from: numbers.day(from), span: numbers.left(spanMs) });
  return (
    <li>
      <button
        type="button"
        className="group"
        aria-label={t('similar.groupOf', { count, n: numbers.count(count), name: names[0] ?? '' })}
        onClick={() => void openGroup(photos.map(({ ref }) => ref))}
      >
        <span className="group-pictures" aria-hidden="true">
          {photos.slice(0, mostPictures).map(({ ref }) => (
            <Thumbnail key={ref} photo={ref} edge={96} />
          ))}
        </span>
        <span className="group-words">
          <span className="row">
            <strong>{t('similar.photos', { count, n: numbers.count(count) })}</strong>
            <span className="end">
              <Percent value={similarity} digits={0} />
            </span>
          </span>
          <MiddleCut text={count === 2 ? names.join(', ') : names.join(' … ')} />
          <span className="small muted cut">{[folder, when].filter(Boolean).join(' · ')}</span>
        </span>
      </button>
    </li>
  );
}
