import { MakeField } from './make-field.tsx';
import type { MakeFieldProps } from './make-field.tsx';

type MakeTextProps = Omit<MakeFieldProps, 'children' | 'control'> & {
  readonly value: string;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly longest?: number;
  readonly hasFocus?: boolean;
  readonly onChange: (text: string) => void;
};

/** A question that a line of text answers. */
export function MakeText({
  value,
  placeholder,
  isMono,
  longest = 200,
  hasFocus,
  onChange,
  ...field
}: MakeTextProps) {
  const id = `make-${field.name}`;
  return (
    <MakeField {...field} control={id}>
      <span className="field">
        <input
          id={id}
          className={isMono ? 'mono' : undefined}
          value={value}
          placeholder={placeholder}
          maxLength={longest}
          autoFocus={hasFocus}
          spellCheck={!isMono}
          autoComplete="off"
          aria-invalid={Boolean(field.wrong)}
          aria-describedby={`make-note-${field.name}`}
          onChange={(event) => onChange(event.target.value)}
        />
      </span>
    </MakeField>
  );
}
