import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ScoreKind } from '../../../contract/pack-build.ts';
import { answer, changeForm } from '../../actions/make-pack.ts';
import { MakeField } from './make-field.tsx';
import type { MakeProps } from './use-make-texts.ts';

const kinds: readonly ScoreKind[] = ['logits', 'probabilities', 'independent'];
const seen = 'seen';

/** Where the scores are, when more than one output could hold them, and what their values mean. */
export function MakeScores({ draft, look, texts }: MakeProps) {
  const { t } = useTranslation();
  const { answers, scores } = draft.form;
  const output = look.questions.find(({ question }) => question === 'output');
  return (
    <section className="make-section">
      <h3 className="heading">{t('make.scores')}</h3>
      <div className="make-grid">
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
              ...kinds.map((value) => ({ value, label: t(`make.scores.${value}`) })),
            ]}
            onChange={(value) =>
              changeForm(draft.ref, () => ({ scores: kinds.find((one) => one === value) ?? null }))
            }
          />
        </MakeField>
      </div>
    </section>
  );
}
