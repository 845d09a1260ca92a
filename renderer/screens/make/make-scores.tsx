import { useTranslation } from 'react-i18next';
import { scoreKinds } from '../../../contract/packs/pack-build.ts';
import { ranksLabels } from '../../../contract/tasks/index.ts';
import { answer } from '../../actions/make-pack.ts';
import { changeForm } from '../../state/making.ts';
import { MakeSelect } from './make-select.tsx';
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
          <MakeSelect
            texts={texts}
            field="form"
            placeholder={t('make.chooseOutput')}
            value={answers.form ?? null}
            choices={(form.choices ?? []).map(({ value, meaning }) => ({
              value,
              label: i18n.exists(`make.form.${value}`) ? t(`make.form.${value}`) : meaning,
            }))}
            isWide
            onChoose={(value) => answer(draft.ref, 'form', value)}
          />
        ) : null}
        {output ? (
          <MakeSelect
            texts={texts}
            field="output"
            placeholder={t('make.chooseOutput')}
            value={answers.output ?? null}
            choices={(output.choices ?? []).map(({ value, meaning: label }) => ({ value, label }))}
            onChoose={(value) => answer(draft.ref, 'output', value)}
          />
        ) : null}
        {hasKinds ? (
          <MakeSelect
            texts={texts}
            field="scores"
            value={scores ?? seen}
            choices={[
              { value: seen, label: t('make.scores.seen') },
              ...scoreKinds.map((value) => ({ value, label: t(`make.scores.${value}`) })),
            ]}
            onChoose={(value) =>
              changeForm(draft.ref, () => ({ scores: scoreKinds.find((one) => one === value) ?? null }))
            }
          />
        ) : null}
      </div>
    </section>
  );
}
