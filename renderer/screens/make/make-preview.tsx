import { IconArrowDown, IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { choosePhotos } from '../../actions/make-files.ts';
import { Button } from '../../parts/button.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { ChannelValues, SeenFigure, SourceFigure } from '../../parts/prepared/index.ts';
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
        <SourceFigure
          photo={photo}
          isOwn={own !== null}
          prepared={seen}
          className="make-source"
          photoClassName="make-photo"
        />
      ) : null}
      <IconArrowDown className="make-arrow" size={18} stroke={1.5} aria-hidden="true" />
      {fault ? (
        <p className="make-unseen tone-danger" role="alert">
          {faultText.message(fault)}
        </p>
      ) : seen ? (
        <>
          <SeenFigure prepared={seen} className="make-seen" />
          <ChannelValues of={seen} steps={look.steps ?? []} />
        </>
      ) : (
        <p className="make-unseen muted">{look.steps === null ? t('make.unseen') : null}</p>
      )}
    </>
  );
}
