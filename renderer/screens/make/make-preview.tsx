import { IconArrowDown, IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PreparedPhoto } from '../../../contract/pack-build.ts';
import { choosePhotos } from '../../actions/make-files.ts';
import { Button } from '../../parts/button.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { ChannelValues, Pixels } from '../../parts/prepared/index.ts';
import { Seen } from '../../parts/seen.tsx';
import { faultOf } from '../../state/client.ts';
import { usePrepared } from '../../state/making.ts';
import { useModelInUse, useSamples } from '../../state/queries.ts';
import type { MakeProps } from './use-make-texts.ts';

/** A photo of the person's, and what of it the model would get; a sample until one is chosen. */
export function MakePreview({ draft, look }: Pick<MakeProps, 'draft' | 'look'>) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const sample = useSamples(useModelInUse()?.ref ?? null).data?.files[0] ?? null;
  const own = draft.photos.find(({ ref }) => ref === draft.previewed) ?? draft.photos[0] ?? null;
  const photo = own ?? sample;
  const prepared = usePrepared(photo?.ref ?? null, look.steps);
  const fault = faultOf(prepared.error);
  const seen = look.steps !== null && !fault ? prepared.data : undefined;
  return (
    <>
      <div className="row make-pane-head">
        <h3 className="heading">{t('make.sees')}</h3>
        <Button
          size="small"
          tone="quiet"
          className="end"
          icon={<IconPhoto size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => void choosePhotos(draft.ref)}
        >
          {t(own ? 'make.otherPhoto' : 'make.yourPhoto')}
        </Button>
      </div>
      {photo ? (
        <figure className="make-source">
          <span className="make-photo">
            <img src={`outpost://thumb/${photo.ref}?edge=480`} alt={photo.name} draggable={false} />
            {seen ? <Seen result={seenOf(seen)} /> : null}
          </span>
          <figcaption className="row small muted">
            {own ? <MiddleCut text={photo.name} /> : <span>{t('make.samplePhoto')}</span>}
            {seen ? <span className="end number">{`${seen.sourceWidth} × ${seen.sourceHeight}`}</span> : null}
          </figcaption>
        </figure>
      ) : null}
      <IconArrowDown className="make-arrow" size={18} stroke={1.5} aria-hidden="true" />
      {fault ? (
        <p className="make-unseen tone-danger" role="alert">
          {faultText.message(fault)}
        </p>
      ) : seen ? (
        <>
          <figure className="make-seen">
            <Pixels
              width={seen.width}
              height={seen.height}
              pixels={seen.pixels}
              label={t('make.seenAlt', { width: seen.width, height: seen.height })}
            />
            <figcaption className="small muted number">{`${seen.width} × ${seen.height}`}</figcaption>
          </figure>
          <ChannelValues of={seen} steps={look.steps ?? []} />
        </>
      ) : (
        <p className="make-unseen muted">{look.steps === null ? t('make.unseen') : null}</p>
      )}
    </>
  );
}

/** In pixels of the photo. */
const seenOf = ({ seen, sourceWidth, sourceHeight }: PreparedPhoto) => ({
  seen,
  width: sourceWidth,
  height: sourceHeight,
});
