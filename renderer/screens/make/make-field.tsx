import type { ReactNode } from 'react';

export type MakeFieldProps = {
  readonly name: string;
  readonly label: string;
  /** Set where the control is one that a label can point to. */
  readonly control?: string;
  /** Ways to answer it at once, under the control. */
  readonly quick?: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong with it, in place of the hint. */
  readonly wrong?: string | null;
  readonly isWide?: boolean;
  readonly children: ReactNode;
};

/** A question of a form: its name, its control, and under it what helps or what is wrong. */
export function MakeField({ name, label, control, quick, hint, wrong, isWide, children }: MakeFieldProps) {
  const note = `make-note-${name}`;
  return (
    <div
      className={`make-field${isWide ? ' wide' : ''}${wrong ? ' is-wrong' : ''}`}
      data-field={name}
      role={control === undefined ? 'group' : undefined}
      aria-label={control === undefined ? label : undefined}
      aria-describedby={control === undefined ? note : undefined}
    >
      {control === undefined ? (
        <span className="make-label">{label}</span>
      ) : (
        <label className="make-label" htmlFor={control}>
          {label}
        </label>
      )}
      {children}
      {quick ? <div className="make-chips small">{quick}</div> : null}
      <div id={note} className="make-note small">
        {wrong ? (
          <p className="tone-danger" role="alert">
            {wrong}
          </p>
        ) : hint ? (
          <div className="muted">{hint}</div>
        ) : null}
      </div>
    </div>
  );
}
