import { SegmentedControl, Select } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { VariantName } from '../../../contract/ids.ts';
import { addVariants, dropVariant, nameVariant } from '../../actions/make-files.ts';
import { Button } from '../../parts/button.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { changeForm } from '../../state/making.ts';
import { MakeField } from './make-field.tsx';
import type { MakeProps } from './use-make-texts.ts';

const variantNames = VariantName.options;

/** Which variant the file is, and the files of the others. */
export function MakeVariants({ draft, texts }: Pick<MakeProps, 'draft' | 'texts'>) {
  const { t } = useTranslation();
  const { as, variants } = draft.form;
  return (
    <>
      <MakeField name="as" label={t('make.as')} hint={t('make.hint.as')} isWide>
        <SegmentedControl
          aria-label={t('make.as')}
          value={as}
          onChange={(value) =>
            changeForm(draft.ref, () => ({ as: variantNames.find((name) => name === value) ?? 'fp32' }))
          }
          data={[...variantNames]}
        />
      </MakeField>
      <MakeField
        name="variant"
        label={t('make.field.variant')}
        wrong={texts.wrongAt('variant')}
        hint={t('make.hint.variant')}
        isWide
      >
        {variants.length > 0 ? (
          <ul className="make-variants">
            {variants.map(({ name, ref }, at) => {
              const file = draft.names[ref] ?? '';
              return (
                <li key={`${at} ${ref}`} className="row">
                  <Select
                    aria-label={t('make.variantOf', { name: file })}
                    value={name}
                    data={[...variantNames]}
                    onChange={(value) => nameVariant(draft.ref, at, value ?? '')}
                  />
                  <span className="mono make-chosen">
                    <MiddleCut text={file} />
                  </span>
                  <Button
                    size="small"
                    aria-label={t('make.dropGolden', { name: file })}
                    icon={<IconX size={14} stroke={1.5} />}
                    onClick={() => dropVariant(draft.ref, at)}
                  />
                </li>
              );
            })}
          </ul>
        ) : null}
        <Button
          icon={<IconPlus size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => void addVariants(draft.ref)}
        >
          {t('make.addVariants')}
        </Button>
      </MakeField>
    </>
  );
}
