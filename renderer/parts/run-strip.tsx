import { useNumbers } from './numbers.tsx';

type RunStripProps = {
  readonly done: number;
  readonly total: number;
  readonly isLive: boolean;
  /** Indices of the items with a fault. */
  readonly faults: readonly number[];
};

/** A run's progress strip with a numbered ruler; each fault is drawn at its item. */
export function RunStrip({ done, total, isLive, faults }: RunStripProps) {
  const numbers = useNumbers();
  const whole = Math.max(total, 1);
  const step = tickStep(whole);
  const ticks = Array.from({ length: Math.floor(whole / step) + 1 }, (_, index) => index * step);
  const at = (items: number) => `${(Math.min(items, whole) / whole) * 100}%`;
  return (
    <div className="run-strip" aria-hidden="true">
      <div className="run-faults">
        {[...new Set(faults.map((seq) => Math.round((seq / whole) * 320)))].map((place) => (
          <span key={place} style={{ left: `${place / 3.2}%` }} />
        ))}
      </div>
      <div className={isLive ? 'run-track live' : 'run-track'}>
        <span style={{ width: at(done) }} />
      </div>
      <div className="run-ticks small">
        {ticks.map((tick) => (
          <span
            key={tick}
            className={tick === 0 ? 'start' : tick > whole * 0.92 ? 'finish' : ''}
            style={{ left: at(tick) }}
          >
            {numbers.count(tick)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** 1, 2 or 5 times a power of ten, for three to five ticks. */
function tickStep(total: number): number {
  const raw = total / 4;
  const power = 10 ** Math.floor(Math.log10(Math.max(raw, 1)));
  return Math.max(1, ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power);
}
