import { SegmentedControl, Switch } from '@mantine/core';
import { IconFileCode } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PackLook } from '../../../contract/packs/pack-build.ts';
import { modelTaskIds, takesPictures } from '../../../contract/tasks/index.ts';
import { answer } from '../../actions/make-pack.ts';
import { MakeField } from './make-field.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { changeForm } from '../../state/making.ts';
import type { MakeProps } from './use-make-texts.ts';

/** What the file itself says, and what the model does where the file leaves that open. */
export function MakeFile({ draft, look, texts }: MakeProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const facts = [
    numbers.bytes(look.size),
    ...(look.writtenBy === '' ? [] : [t('make.writtenBy', { by: look.writtenBy })]),
    ...(look.beside.length === 0 ? [] : [t('make.beside', { files: look.beside.join(', ') })]),
  ];
  return (
    <section className="make-head">
      <h2 className="title">{t('make.heading')}</h2>
      <p className="muted">{t('make.words')}</p>
      <div className="make-file">
        <IconFileCode size={24} stroke={1.25} aria-hidden="true" />
        <div className="grow">
          <strong className="make-file-name">{draft.name}</strong>
          <p className="small muted">{facts.join(' · ')}</p>
        </div>
        <dl className="make-ends mono">
          <dt>{t('make.takes')}</dt>
          <dd>{look.inputs.map(describeTensor).join(', ')}</dd>
          <dt>{t('make.gives')}</dt>
          <dd>{look.outputs.map(describeTensor).join(', ')}</dd>
        </dl>
      </div>
      {look.stated.task === null || look.picture ? (
        <MakeField name="task" label={t('make.field.task')} wrong={texts.wrongAt('task')} isWide>
          <SegmentedControl
            aria-label={t('make.field.task')}
            value={draft.form.answers.task ?? look.stated.task ?? ''}
            onChange={(value) => answer(draft.ref, 'task', value)}
            orientation="vertical"
            data={modelTaskIds.map((value) => ({
              value,
              label: t(`make.task.${value}`),
              disabled: look.picture === null && takesPictures(value),
            }))}
          />
        </MakeField>
      ) : null}
      {look.task && !takesPictures(look.task) ? <p className="make-say muted">{t('make.isTensor')}</p> : null}
      {look.tails.length > 0 ? (
        <MakeField
          name="cut-tails"
          label={t('make.field.cut-tails')}
          wrong={texts.wrongAt('cut-tails')}
          isWide
        >
          <Switch
            label={t('make.cutTails', { outputs: look.tails.join(', ') })}
            checked={draft.form.cutTails}
            onChange={({ currentTarget: { checked } }) =>
              changeForm(draft.ref, () => ({ cutTails: checked }))
            }
          />
        </MakeField>
      ) : null}
      {look.notes.map((note) => (
        <p key={JSON.stringify(note)} className="make-say small muted">
          {texts.describe(note)}
        </p>
      ))}
    </section>
  );
}

const describeTensor = ({ name, type, shape }: PackLook['inputs'][number]): string =>
  [name, type, shape?.map((side) => side ?? '?').join('×')].filter(Boolean).join(' ');
