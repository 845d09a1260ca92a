import { Corners } from './corners.tsx';

type SeenProps = {
  readonly result: {
    readonly width: number;
    readonly height: number;
    readonly seen: {
      readonly left: number;
      readonly top: number;
      readonly width: number;
      readonly height: number;
    };
  };
};

/** The square that the model saw. */
export function Seen({ result }: SeenProps) {
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
