import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../contract/calls/calls.ts';
import { openSimilar, showGroups } from '../../actions/similar.ts';
import { useFaultText } from '../../parts/fault-text.ts';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import { faultOf } from '../../state/client.ts';
import { useModels } from '../../state/queries.ts';
import { useSimilar } from '../../state/similar.ts';
import './similar.css';

type Found = CallOutput<'similar.find'>;

/** Photos that were answered before and are like this one, most alike first; a click shows them in its place. */
export function SimilarPhotos({ photo, name }: { readonly photo: string; readonly name: string }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  const { data, error } = useSimilar(photo);
  const section = useRef<HTMLElement>(null);
  const isHere = data !== undefined || error !== null;
  useEffect(() => {
    if (isHere) section.current?.scrollIntoView({ block: 'nearest' });
  }, [isHere]);
  const fault = faultOf(error);
  const models = useModels().data ?? [];
  const title = models.find(({ id }) => id === data?.model)?.title ?? data?.model ?? '';
  return (
    <section ref={section} className="section similar" aria-label={t('similar.title')} aria-busy={!isHere}>
      <div className="row">
        <h2 className="heading">{t('similar.title')}</h2>
        {data ? (
          <span className="small muted end">
            {t('similar.compared', { n: numbers.count(data.compared) })}
          </span>
        ) : null}
      </div>
      {fault ? <p className="muted">{faultText.message(fault)}</p> : null}
      {data && data.photos.length === 0 ? (
        <p className="muted">
          {t(data.compared > 1 ? 'similar.nothing' : 'similar.noneYet', { model: title })}
        </p>
      ) : null}
      {data && data.photos.length > 0 ? <Photos found={data} name={name} /> : null}
      {data && data.missing > 0 ? (
        <p className="small muted">
          {t('similar.missing', { count: data.missing, n: numbers.count(data.missing) })}
        </p>
      ) : null}
      {isHere ? null : <p className="muted">{t('similar.looking')}</p>}
      <button type="button" className="link small" onClick={showGroups}>
        {t('similar.groups')}
      </button>
    </section>
  );
}

function Photos({ found: { photos, selection }, name }: { readonly found: Found; readonly name: string }) {
  const { t } = useTranslation();
  return (
    <ol>
      {photos.map(({ ref, folder, similarity, label, copies }) => {
        const at = selection.files.findIndex((file) => file.ref === ref);
        const file = selection.files[at];
        return file ? (
          <li key={ref}>
            <button
              type="button"
              className="similar-photo"
              onClick={() => void openSimilar(selection, at, name)}
            >
              <Thumbnail photo={ref} edge={96} />
              <span className="similar-words">
                <MiddleCut text={file.name} />
                <span className="small muted cut">
                  {[label, folder, copies > 0 ? t('similar.copies', { count: copies }) : null]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </span>
              <span className="end">
                <Percent value={similarity} digits={0} />
              </span>
            </button>
          </li>
        ) : null;
      })}
    </ol>
  );
}
