import { memo, useState } from 'react';
import { IconFileAlert } from '@tabler/icons-react';

type ThumbnailProps = {
  readonly photo: string;
  readonly edge: 96 | 192 | 480;
  readonly bad?: boolean;
  readonly onShown?: () => void;
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
        src={`outpost://thumb/${photo}?edge=${edge}`}
        alt=""
        decoding="async"
        loading="lazy"
        draggable={false}
        onLoad={onShown}
        onError={() => setFailed(true)}
      />
    </span>
  );
});
