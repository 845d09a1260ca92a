import { useState } from 'react';
import { Checkbox } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Provider, providers } from '../../../contract/ids.ts';
import { packFiles } from '../../../contract/packs/pack-build.ts';
import type { PackField } from '../../../contract/packs/pack-build.ts';
import { choosePackFile, dropPackFile } from '../../actions/make-files.ts';
import { changeForm } from '../../state/making.ts';
import { MakeChosen } from './make-chosen.tsx';
import { MakeField } from './make-field.tsx';
import { MakeSelect } from './make-select.tsx';
import { MakeText } from './make-text.tsx';
import { MakeVariants } from './make-variants.tsx';
import type { MakeProps } from './use-make-texts.ts';

const fields: readonly PackField[] = ['variant', 'embedding', 'provider', 'source', ...packFiles];
const noOutput = 'none';
const beyondCpu = providers.filter((name) => name !== 'cpu');

/** What few models need, folded away until it is asked for or something in it is wrong. */
export function MakeMore({ draft, look, texts }: MakeProps) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const { form, names } = draft;
  const isWrong = fields.some((field) => texts.wrongAt(field) !== null);
  const outputs = look.outputs.filter(({ name, type }) => type !== null && name !== look.scored?.output);
  return (
    <details
      className="make-section make-more"
      open={isOpen || isWrong}
      onToggle={({ currentTarget: { open } }) => setIsOpen(open)}
    >
      <summary className="heading">
        {t('make.more')} <span className="small muted">{t('make.moreWhat')}</span>
      </summary>
      <div className="make-grid">
        <MakeVariants draft={draft} texts={texts} />
        {outputs.length > 0 ? (
          <MakeSelect
            texts={texts}
            field="embedding"
            value={form.embedding ?? noOutput}
            choices={[
              { value: noOutput, label: t('make.noEmbedding') },
              ...outputs.map(({ name }) => ({ value: name, label: name })),
            ]}
            isWide
            onChoose={(name) => changeForm(draft.ref, () => ({ embedding: name === noOutput ? null : name }))}
          />
        ) : null}
        <MakeField name="provider" label={t('make.field.provider')} hint={t('make.hint.provider')} isWide>
          <Checkbox.Group
            aria-label={t('make.field.provider')}
            value={form.providers}
            onChange={(ticked) =>
              changeForm(draft.ref, () => ({
                providers: ticked.flatMap((name) => Provider.safeParse(name).data ?? []),
              }))
            }
          >
            <div className="make-ticks">
              {beyondCpu.map((name) => (
                <Checkbox key={name} value={name} label={t(`provider.${name}`)} />
              ))}
            </div>
          </Checkbox.Group>
        </MakeField>
        <MakeText
          name="source"
          label={t('make.field.source')}
          value={form.source}
          placeholder={look.writtenBy === '' ? look.name : t('make.sourceExample', { by: look.writtenBy })}
          hint={t('make.hint.source')}
          longest={2000}
          isWide
          onChange={(source) => changeForm(draft.ref, () => ({ source }))}
        />
        {packFiles.map((field) => {
          const ref = form.files[field];
          return (
            <MakeField
              key={field}
              name={field}
              label={t(`make.field.${field}`)}
              wrong={texts.wrongAt(field)}
              hint={t(`make.hint.${field}`)}
              isWide
            >
              <MakeChosen
                label={t(`make.field.${field}`)}
                name={ref === undefined ? null : (names[ref] ?? '')}
                onChoose={() => void choosePackFile(draft.ref, field)}
                onDrop={() => dropPackFile(draft.ref, field)}
              />
            </MakeField>
          );
        })}
      </div>
    </details>
  );
}
