import type { ClassificationResult } from '../../../contract/tasks/image-classification.ts';
import { Corners } from '../../parts/corners.tsx';
import type { TaskView } from '../view.ts';

/** The square that the model saw. */
function Seen({ result }: { readonly result: ClassificationResult }) {
  const { seen, width, height } = result;
  const part = (value: number, whole: number) => `${(value / whole) * 100}%`;
  const style = {
    left: part(seen.left, width),
    top: part(seen.top, height),
    width: part(seen.width, width),
    height: part(seen.height, height),
  };
  return (
    <span className="seen" style={style}>
      <Corners double />
    </span>
  );
}

export const classificationView: TaskView<ClassificationResult> = {
  listed: ({ predictions, labelCount }) => ({ entries: predictions, labelCount }),
  word: ({ predictions }) => predictions[0]?.label ?? null,
  heading: () => null,
  packThreshold: () => null,
  Overlay: Seen,
  overlayKey: 'photo.square',
};
