import { useNumbers } from '../../parts/numbers.tsx';

type Dot = { readonly name: string; readonly distance: number; readonly passed: boolean };
type DotChartProps = {
  readonly dots: readonly Dot[];
  readonly allowed: number;
  readonly allowedLabel: string;
  readonly label: string;
};

const width = 352;
const base = 68;
const left = 14;
const right = width - 36;

/** One dot for each sample on a logarithmic ruler: its distance from what is expected. Zero has a place of its own. */
export function DotChart({ dots, allowed, allowedLabel, label }: DotChartProps) {
  const numbers = useNumbers();
  // Whole numbers are expected exactly: then the limit stands at zero.
  const isExact = allowed === 0;
  const lowest = lowestPower(dots, allowed);
  const known = dots.map((dot) => dot.distance).filter(Number.isFinite);
  const highest = Math.max(Math.log10(Math.max(allowed, ...known) * 1.15), lowest + 1);
  const x = (value: number): number => {
    if (value < 10 ** lowest) return left;
    if (!Number.isFinite(value)) return right + 12;
    return left + 40 + ((Math.log10(value) - lowest) / (highest - lowest)) * (right - left - 40);
  };
  const lastTick = isExact ? highest : Math.log10(allowed) - 0.35;
  const isBare = isExact && known.every((distance) => distance === 0);
  const ticks = isBare ? [] : powers(lowest, Math.floor(lastTick));
  return (
    <svg className="dot-chart" viewBox={`0 0 ${width} 92`} role="img" aria-label={label}>
      <line className="base" x1="0" x2={width - 12} y1={base} y2={base} />
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="base" x1={x(10 ** tick)} x2={x(10 ** tick)} y1={base} y2={base + 4} />
          <text x={x(10 ** tick)} y={base + 18} textAnchor="middle">
            {numbers.number(10 ** tick, 1)}
          </text>
        </g>
      ))}
      <line className="base" x1={left} x2={left} y1={base} y2={base + 4} />
      <text className={isExact ? 'strong' : undefined} x={left} y={base + 18} textAnchor="middle">
        0
      </text>
      <line className="limit" x1={x(allowed)} x2={x(allowed)} y1="20" y2={base + 4} />
      <text x={x(allowed) + (isExact ? 6 : -6)} y="30" textAnchor={isExact ? 'start' : 'end'}>
        {allowedLabel}
      </text>
      {isExact ? null : (
        <text className="strong" x={x(allowed)} y={base + 18} textAnchor="middle">
          {numbers.number(allowed, 2)}
        </text>
      )}
      {stacked(dots, x).map(({ dot, at, level }) => (
        <circle
          key={dot.name}
          className={dot.passed ? 'dot' : 'dot failed'}
          cx={at}
          cy={base - 5 - level * 6}
          r="2.5"
        >
          <title>{`${dot.name}: ${numbers.number(dot.distance, 2)}`}</title>
        </circle>
      ))}
    </svg>
  );
}

const powers = (from: number, to: number): readonly number[] => {
  const step = Math.max(1, Math.ceil((to - from + 1) / 4));
  return Array.from(
    { length: Math.max(0, Math.floor((to - from) / step) + 1) },
    (_, index) => from + index * step,
  );
};

function lowestPower(dots: readonly Dot[], allowed: number): number {
  const positive = dots
    .map((dot) => dot.distance)
    .filter((distance) => distance > 0 && Number.isFinite(distance));
  if (allowed === 0) return positive.length === 0 ? 0 : Math.floor(Math.log10(Math.min(...positive)));
  const least = Math.floor(Math.log10(Math.min(allowed / 100, ...positive)));
  return Math.max(least, Math.floor(Math.log10(allowed)) - 5);
}

function stacked(dots: readonly Dot[], x: (value: number) => number) {
  const levels = new Map<number, number>();
  return dots.map((dot) => {
    const place = x(dot.distance);
    const at = place === left ? left : Math.round(place / 6) * 6;
    const level = levels.get(at) ?? 0;
    levels.set(at, level + 1);
    return { dot, at, level: Math.min(level, 9) };
  });
}
