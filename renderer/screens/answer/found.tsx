import { useTranslation } from 'react-i18next';
import type { Result } from '../../../contract/tasks/index.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { viewOf } from '../../tasks/index.ts';
import { useThreshold } from '../../tasks/threshold.ts';
import { foundOn } from '../../tasks/walk.ts';
import { BoxList } from './box-list.tsx';

/** What was found on a photo: how many of each label, then each of them; finding nothing is an answer as well. */
export function Found({ photo, result }: { readonly photo: string; readonly result: Result }) {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const [above] = useThreshold(result);
  const view = viewOf(result);
  const { entries } = view.listed(result);
  const found = foundOn(result, above);
  const below = entries.length - found.length;
  const [strongest] = entries;
  return (
    <section className="section labels">
      <div className="row">
        <h2 className="heading">
          {view.heading(result, above, i18n.language) ??
            t('boxes.nothingAbove', { percent: numbers.share(above) })}
        </h2>
        {below > 0 ? (
          <span className="small muted end">{t('boxes.below', { n: numbers.count(below) })}</span>
        ) : null}
      </div>
      {found.length > 0 ? (
        <BoxList photo={photo} size={result} entries={found} above={above} />
      ) : (
        <p className="muted">
          {strongest
            ? t('boxes.strongest', { label: strongest.label, percent: numbers.percent(strongest.score) })
            : t('boxes.notAnything')}
        </p>
      )}
    </section>
  );
}
