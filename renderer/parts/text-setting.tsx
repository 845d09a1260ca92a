import { useState } from 'react';

type TextSettingProps = {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly isShort?: boolean;
  /** What the text must match; otherwise `wrong` is shown. */
  readonly pattern?: RegExp;
  readonly wrong?: string;
  readonly onSave: (value: string) => void;
};

/** A text field that saves on blur or Enter; Esc restores the saved value. */
export function TextSetting({
  label,
  value,
  placeholder,
  isShort,
  pattern,
  wrong,
  onSave,
}: TextSettingProps) {
  const [text, setText] = useState(value);
  const [before, setBefore] = useState(value);
  if (before !== value) {
    setBefore(value);
    setText(value);
  }
  const isWrong = pattern !== undefined && !pattern.test(text.trim());
  const save = (): void => {
    const next = text.trim();
    if (isWrong) setText(value);
    else if (next !== value) onSave(next);
  };
  return (
    <span className={isShort ? 'text-setting short' : 'text-setting'}>
      <span className="field">
        <input
          aria-label={label}
          aria-invalid={isWrong}
          value={text}
          placeholder={placeholder}
          spellCheck={false}
          autoComplete="off"
          title={text}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
          onKeyDown={(event) => {
            if (event.key === 'Enter') save();
            if (event.key === 'Escape') setText(value);
          }}
        />
      </span>
      {isWrong ? (
        <span className="small tone-danger" role="alert">
          {wrong}
        </span>
      ) : null}
    </span>
  );
}
