import { showPhoto } from '../../actions/move.ts';
import { reviewInTry } from '../../actions/review.ts';
import { useViewKeys } from '../../hooks/use-view-keys.ts';
import { useFileTitle } from '../../parts/file-title.ts';
import type { PhotosPage } from '../../state/try-page.ts';
import { Answered } from '../answer/index.ts';
import { Strip } from './strip.tsx';
import { Unread } from './unread.tsx';
import { useCloseTopmost } from '../../hooks/use-close-topmost.ts';

export function TryPhotos({ now }: { readonly now: PhotosPage }) {
  const entry = now.entries[now.current];
  useViewKeys({ step: (by) => showPhoto(now.current + by), back: useCloseTopmost() });
  const titleOf = useFileTitle();
  if (!entry) return null;
  const record = entry.answer.kind === 'answered' ? entry.answer.record : null;
  return (
    <Answered
      photo={entry.file.ref}
      name={titleOf(entry.file)}
      record={record}
      canAskAgain
      place={reviewInTry(now)}
      fault={entry.answer.kind === 'fault' ? entry.answer.fault : null}
      under={<Unread now={now} />}
      strip={<Strip entries={now.entries} current={now.current} onShow={showPhoto} />}
    />
  );
}
