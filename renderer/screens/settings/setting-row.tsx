import { createContext, useContext } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { IconRestore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../parts/button.tsx';

/** What is looked for among the settings, and the group that a row stands in, both in the language of the window. */
export const SettingFilter = createContext({ search: '', group: '' });

type SettingRowProps = {
  /** By which it can be led to. */
  readonly name?: string;
  readonly isMarked?: boolean;
  readonly title: string;
  readonly hint?: ReactNode;
  /** Puts the default back; absent where it is the default already, or where there is none. */
  readonly onReset?: (() => void) | undefined;
  readonly children?: ReactNode;
};

export function SettingRow({ name, isMarked = false, title, hint, onReset, children }: SettingRowProps) {
  const { t } = useTranslation();
  const { search, group } = useContext(SettingFilter);
  const text = `${group} ${title} ${typeof hint === 'string' ? hint : ''}`;
  if (!hasAll(text, search)) return null;
  const reset = ({ currentTarget }: MouseEvent<HTMLButtonElement>): void => {
    // The reset button disappears with the change: move the focus to the control.
    const controls = currentTarget.parentElement?.querySelectorAll<HTMLElement>('input, button');
    const own = [...(controls ?? [])].filter((one) => one !== currentTarget);
    const chosen = own.find((one) => one instanceof HTMLInputElement && one.type === 'radio' && one.checked);
    (chosen ?? own[0])?.focus();
    onReset?.();
  };
  return (
    <div className={isMarked ? 'setting-row is-marked' : 'setting-row'} data-setting={name}>
      <div className="grow">
        <div className="setting-title">{title}</div>
        {hint ? <div className="muted setting-hint">{hint}</div> : null}
      </div>
      <div className="setting-control">
        {onReset ? (
          <Button
            tone="quiet"
            size="small"
            aria-label={t('settings.reset', { title })}
            title={t('settings.reset', { title })}
            icon={<IconRestore size={16} stroke={1.5} aria-hidden="true" />}
            onClick={reset}
          />
        ) : null}
        {children}
      </div>
    </div>
  );
}

/** Every word of the search, in any order and case. */
function hasAll(text: string, search: string): boolean {
  const folded = text.toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => folded.includes(word));
}
