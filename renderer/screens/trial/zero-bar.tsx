import { useNumbers } from '../../parts/numbers.tsx';

type ZeroBarProps = {
  /** Count at either end of the ruler. */
  readonly most: number;
  /** Outlined, to the left of the zero line; null draws the right side alone. */
  readonly left: number | null;
  readonly right: number;
};

/** Two counts that leave a zero line: the outlined to the left, the solid to the right. */
export function ZeroBar({ most, left, right }: ZeroBarProps) {
  const half = left === null ? 100 : 50;
  const zero = 100 - half;
  const share = (count: number): string => `${(Math.min(count, most) / most) * half}%`;
  return (
    <span className={left === null ? 'zero-bar one-sided' : 'zero-bar'} aria-hidden="true">
      {left ? <span className="zero-left" style={{ right: '50%', width: share(left) }} /> : null}
      {right ? <span className="zero-right" style={{ left: `${zero}%`, width: share(right) }} /> : null}
      <span className="zero-line" style={{ left: `${zero}%` }} />
    </span>
  );
}

export function ZeroRuler({ most, twoSided }: { readonly most: number; readonly twoSided: boolean }) {
  const numbers = useNumbers();
  const marks = [0, ...(most > 1 && most % 2 === 0 ? [most / 2] : []), most];
  const places = twoSided
    ? marks.flatMap((mark) =>
        mark === 0
          ? [[50, mark]]
          : [
              [50 - (mark / most) * 50, mark],
              [50 + (mark / most) * 50, mark],
            ],
      )
    : marks.map((mark) => [(mark / most) * 100, mark]);
  return (
    <span className="zero-ruler" aria-hidden="true">
      {places.map(([at = 0, mark = 0]) => (
        <span key={at} style={{ left: `${at}%` }}>
          {numbers.count(mark)}
        </span>
      ))}
    </span>
  );
}
