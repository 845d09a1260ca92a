import { useTranslation } from 'react-i18next';
import type { SelectedFile } from '../../../contract/calls/calls.ts';
import type { PreparedPhoto } from '../../../contract/packs/pack-build.ts';
import { MiddleCut } from '../middle-cut.tsx';
import { Seen } from '../seen.tsx';
import { Pixels } from './pixels.tsx';

type SourceFigureProps = {
  readonly photo: Pick<SelectedFile, 'ref' | 'name'>;
  /** False for a sample of the pack. */
  readonly isOwn: boolean;
  /** Undefined until it is prepared. */
  readonly prepared: PreparedPhoto | undefined;
  readonly className?: string;
  readonly photoClassName: string;
};

/** A photo with the part marked that a model sees, above its name and size. */
export function SourceFigure({ photo, isOwn, prepared, className, photoClassName }: SourceFigureProps) {
  const { t } = useTranslation();
  return (
    <figure className={className}>
      <span className={photoClassName}>
        <img src={`outpost://thumb/${photo.ref}?edge=480`} alt={photo.name} draggable={false} />
        {prepared ? (
          <Seen
            result={{ seen: prepared.seen, width: prepared.sourceWidth, height: prepared.sourceHeight }}
          />
        ) : null}
      </span>
      <figcaption className="row small muted">
        {isOwn ? <MiddleCut text={photo.name} /> : <span>{t('make.samplePhoto')}</span>}
        {prepared ? (
          <span className="end number">{`${prepared.sourceWidth} × ${prepared.sourceHeight}`}</span>
        ) : null}
      </figcaption>
    </figure>
  );
}

type SeenFigureProps = { readonly prepared: PreparedPhoto; readonly className?: string };

/** The picture that a model gets, pixel by pixel, above its size. */
export function SeenFigure({ prepared: { width, height, pixels }, className }: SeenFigureProps) {
  const { t } = useTranslation();
  return (
    <figure className={className}>
      <Pixels width={width} height={height} pixels={pixels} label={t('make.seenAlt', { width, height })} />
      <figcaption className="small muted number">{`${width} × ${height}`}</figcaption>
    </figure>
  );
}
