import { useState } from 'react';

type NumberCellProps = {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  readonly isFit: (value: number) => boolean;
  readonly onChange: (value: number) => void;
};

const textOf = (value: number): string => String(Math.round(value * 1e6) / 1e6);
const numberOf = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')));

/** A number in a small cell. What is no number is marked, and the last one comes back when the cell is left. */
export function NumberCell({ label, value, unit, isFit, onChange }: NumberCellProps) {
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? textOf(value);
  const isWrong = !isFit(numberOf(shown));
  return (
    <span className="field number-cell">
      <input
        aria-label={label}
        aria-invalid={isWrong}
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        value={shown}
        onChange={(event) => {
          setText(event.target.value);
          const next = numberOf(event.target.value);
          if (isFit(next)) onChange(next);
        }}
        onBlur={() => setText(null)}
      />
      {unit ? <span className="muted">{unit}</span> : null}
    </span>
  );
}
