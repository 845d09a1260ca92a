import type { ReactNode } from 'react';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { openFileMenu } from '../../actions/file-menu.ts';
import type { ReviewPlace } from '../../actions/review.ts';
import { useCell } from '../../state/cell.ts';
import { usePaneStyle } from '../../state/pane-width.ts';
import { similarOpen } from '../../state/similar.ts';
import { originOpen } from '../../state/try-page.ts';
import { viewOf } from '../../tasks/index.ts';
import { CameraFacts } from './camera.tsx';
import type { Setting } from './camera.tsx';
import { AnswerActions } from './answer-actions.tsx';
import { ConfirmLabel } from './confirm-label.tsx';
import { Labels } from './labels.tsx';
import { Origin, OriginLine } from './origin.tsx';
import { MoreLikeThis } from './more-like-this.tsx';
import { PaneEdge, ThoroughSection } from '../panes/index.ts';
import { PhotoWell } from './photo-well.tsx';
import { SimilarPhotos } from './similar-photos.tsx';
import { Threshold } from './threshold.tsx';
import { useIsWide } from '../../hooks/use-width.ts';

type AnsweredProps = {
  readonly photo: string;
  readonly name: string;
  readonly record: PredictionRecord | null;
  readonly fault: Fault | null;
  /** Decides which photo comes after a person has reviewed this one. */
  readonly place: ReviewPlace;
  /** Site and clock of the folder, for a photo of a run. */
  readonly setting?: Setting | undefined;
  readonly before?: ReactNode;
  readonly under?: ReactNode;
  readonly strip?: ReactNode;
  /** A single photo, not one of a run: it may be predicted again with other options. */
  readonly canAskAgain?: boolean;
  /** False in Runs, where no other photos are chosen. */
  readonly hasNext?: boolean;
};

/** One photo with its answer: the picture, what it shows, and where the numbers came from. */
export function Answered({
  photo,
  name,
  record,
  fault,
  place,
  setting,
  before,
  under,
  strip,
  canAskAgain = false,
  hasNext = true,
}: AnsweredProps) {
  const wide = useIsWide();
  const isOpen = useCell(originOpen) && !wide;
  const isWordless = record !== null && viewOf(record.result).Wordless !== undefined;
  const hasSimilar = useCell(similarOpen) || isWordless;
  const openMenu = (event: React.MouseEvent<HTMLElement>): void =>
    openFileMenu(event, event.currentTarget, {
      ref: photo,
      name,
      answer: record ? { kind: 'record', record } : null,
    });
  return (
    <div className={wide ? 'with-pane wide' : 'with-pane'} style={usePaneStyle()}>
      <div className="photo-side">
        <PhotoWell
          key={photo}
          photo={photo}
          name={name}
          result={record?.result ?? null}
          isBad={fault !== null}
          before={before}
          onMenu={openMenu}
        />
        {under}
        {strip}
      </div>
      <aside className="pane">
        <PaneEdge />
        <div className="pane-scroll">
          <Labels photo={photo} record={record} fault={fault} isShort={isOpen || hasSimilar} />
          {record && hasSimilar ? <SimilarPhotos key={`similar ${photo}`} photo={photo} name={name} /> : null}
          {record && isOpen ? <Origin key={record.digest} photo={photo} record={record} comesUp /> : null}
          {record && isOpen ? <CameraFacts camera={record.camera} setting={setting} /> : null}
        </div>
        {fault ? null : (
          <div className="pane-judge">
            {record ? (
              <ConfirmLabel key={record.digest} target={{ photo, record }} photoName={name} place={place} />
            ) : null}
            {record && !isWordless ? <MoreLikeThis /> : null}
          </div>
        )}
        <Threshold result={record?.result ?? null} />
        {canAskAgain ? <ThoroughSection /> : null}
        {record && !wide ? <OriginLine record={record} /> : null}
        <AnswerActions record={record} hasNext={hasNext} />
      </aside>
      {wide ? (
        <aside className="pane third">
          <div className="pane-scroll">
            {record ? <CameraFacts camera={record.camera} setting={setting} /> : null}
            {record ? <Origin photo={photo} record={record} /> : null}
          </div>
        </aside>
      ) : null}
    </div>
  );
}
