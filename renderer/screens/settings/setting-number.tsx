import { Select } from '@mantine/core';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { resetOf } from './setting-reset.ts';
import { SettingRow } from './setting-row.tsx';

type Numbered =
  | 'cacheCapBytes'
  | 'keepRunsDays'
  | 'slowBelowPercent'
  | 'pauseBelowPercent'
  | 'trialItems'
  | 'canaryShare'
  | 'canaryItems'
  | 'keepVersions';
type SettingNumberProps = {
  readonly settings: Settings;
  readonly name: Numbered;
  readonly title: string;
  readonly hint: string;
  /** Ascending; the value in force is offered too where it is another one. */
  readonly choices: readonly number[];
  readonly format: (value: number) => string;
  /** Text of the choice that sets the setting to null; absent where null is no value. */
  readonly none?: string;
};

const noNumber = 'null';

/** A setting that is one of a few numbers. */
export function SettingNumber({ settings, name, title, hint, choices, format, none }: SettingNumberProps) {
  const now = settings[name];
  const all = now === null || choices.includes(now) ? choices : [...choices, now].sort((a, b) => a - b);
  return (
    <SettingRow title={title} onReset={resetOf(settings, name)} hint={hint}>
      <Select
        aria-label={title}
        w={136}
        value={String(now)}
        data={[
          ...(none === undefined ? [] : [{ value: noNumber, label: none }]),
          ...all.map((value) => ({ value: String(value), label: format(value) })),
        ]}
        onChange={(value) => {
          if (value !== null) void changeSettings({ [name]: value === noNumber ? null : Number(value) });
        }}
      />
    </SettingRow>
  );
}
