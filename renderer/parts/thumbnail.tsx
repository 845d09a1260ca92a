import { memo, useState } from 'react';
import { IconFileAlert } from '@tabler/icons-react';

type ThumbnailProps = {
  readonly photo: string;
  /** `photo`: the file itself. */
  readonly edge: 96 | 192 | 'photo';
  readonly bad?: boolean;
  readonly onShown?: (pixels: { readonly width: number; readonly height: number }) => void;
};

/** A small picture of a photo; a placeholder with a mark when the file cannot be read. */
export const Thumbnail = memo(function Thumbnail({ photo, edge, bad = false, onShown }: ThumbnailProps) {
  const [failed, setFailed] = useState(false);
  if (bad || failed)
    return (
      <span className={bad ? 'thumbnail bad' : 'thumbnail'}>
        {bad ? <IconFileAlert size={18} stroke={1.5} aria-hidden="true" /> : null}
      </span>
    );
  return (
    <span className="thumbnail">
      <img
        src={edge === 'photo' ? `outpost://photo/${photo}` : `outpost://thumb/${photo}?edge=${edge}`}
        alt=""
        decoding="async"
        loading="lazy"
        draggable={false}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
          onShown?.({ width, height })
        }
        onError={() => setFailed(true)}
      />
    </span>
  );
});
