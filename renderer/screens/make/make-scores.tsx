import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { scoreKinds } from '../../../contract/pack-build.ts';
import { ranksLabels } from '../../../contract/tasks/index.ts';
import { answer } from '../../actions/make-pack.ts';
import { changeForm } from '../../state/making.ts';
import { MakeField } from './make-field.tsx';
import type { MakeProps } from './use-make-texts.ts';

const seen = 'seen';

/** How boxes are read and where the scores are, when more than one output could hold them, and what their values mean. */
export function MakeScores({ draft, look, texts }: MakeProps) {
  const { t, i18n } = useTranslation();
  const { answers, scores } = draft.form;
  const output = look.questions.find(({ question }) => question === 'output');
  const form = look.questions.find(({ question }) => question === 'form');
  const hasKinds = look.task !== null && ranksLabels(look.task);
  if (!hasKinds && !form && !output) return null;
  return (
    <section className="make-section">
      <h3 className="heading">{t('make.scores')}</h3>
      <div className="make-grid">
        {form ? (
          <MakeField
            name="form"
            label={t('make.field.form')}
            wrong={texts.wrongAt('form')}
            hint={t('make.hint.form')}
            isWide
          >
            <Select
              aria-label={t('make.field.form')}
              placeholder={t('make.chooseOutput')}
              value={answers.form ?? null}
              data={(form.choices ?? []).map(({ value, meaning }) => ({
                value,
                label: i18n.exists(`make.form.${value}`) ? t(`make.form.${value}`) : meaning,
              }))}
              onChange={(value) => answer(draft.ref, 'form', value ?? '')}
            />
          </MakeField>
        ) : null}
        {output ? (
          <MakeField
            name="output"
            label={t('make.field.output')}
            wrong={texts.wrongAt('output')}
            hint={t('make.hint.output')}
          >
            <Select
              aria-label={t('make.field.output')}
              placeholder={t('make.chooseOutput')}
              value={answers.output ?? null}
              data={(output.choices ?? []).map(({ value, meaning: label }) => ({ value, label }))}
              onChange={(value) => answer(draft.ref, 'output', value ?? '')}
            />
          </MakeField>
        ) : null}
        {hasKinds ? (
          <MakeField
            name="scores"
            label={t('make.field.scores')}
            wrong={texts.wrongAt('scores')}
            hint={t('make.hint.scores')}
          >
            <Select
              aria-label={t('make.field.scores')}
              value={scores ?? seen}
              data={[
                { value: seen, label: t('make.scores.seen') },
                ...scoreKinds.map((value) => ({ value, label: t(`make.scores.${value}`) })),
              ]}
              onChange={(value) =>
                changeForm(draft.ref, () => ({ scores: scoreKinds.find((one) => one === value) ?? null }))
              }
            />
          </MakeField>
        ) : null}
      </div>
    </section>
  );
}
