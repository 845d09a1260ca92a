import { memo } from 'react';

type BarProps = {
  /** 0 to 1; the scale is always 0 to 1. */
  readonly value: number;
  readonly kind: 'first' | 'shown' | 'below';
  /** Value of the threshold, if it is drawn. */
  readonly threshold?: number;
  readonly thin?: boolean;
};

/** A bar on a ruled base with ticks at every quarter. */
export const Bar = memo(function Bar({ value, kind, threshold, thin }: BarProps) {
  return (
    <span className={`bar ${kind}${thin ? ' thin' : ''}`} aria-hidden="true">
      <span className="bar-fill" style={{ width: `${value * 100}%` }} />
      {threshold === undefined ? null : (
        <span className="bar-threshold" style={{ left: `calc(${threshold * 100}% - 1px)` }} />
      )}
    </span>
  );
});
