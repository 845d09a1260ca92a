import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PackField } from '../../../contract/packs/pack-build.ts';
import { MakeField } from './make-field.tsx';
import type { MakeProps } from './use-make-texts.ts';

type MakeSelectProps = Pick<MakeProps, 'texts'> & {
  readonly field: Extract<PackField, 'form' | 'output' | 'scores' | 'embedding'>;
  /** Null while nothing is chosen. */
  readonly value: string | null;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly placeholder?: string;
  readonly isWide?: boolean;
  readonly onChoose: (value: string) => void;
};

/** A question of the form with a list of answers. */
export function MakeSelect({
  texts,
  field,
  value,
  choices,
  placeholder,
  isWide = false,
  onChoose,
}: MakeSelectProps) {
  const { t } = useTranslation();
  const label = t(`make.field.${field}`);
  return (
    <MakeField
      name={field}
      label={label}
      wrong={texts.wrongAt(field)}
      hint={t(`make.hint.${field}`)}
      isWide={isWide}
    >
      <Select
        aria-label={label}
        {...(placeholder !== undefined && { placeholder })}
        value={value}
        data={choices}
        onChange={(chosen) => onChoose(chosen ?? '')}
      />
    </MakeField>
  );
}
