import { useTranslation } from 'react-i18next';
import type { PackForm, PackQuestion } from '../../../contract/packs/pack-build.ts';
import { answer } from '../../actions/make-pack.ts';
import { Button } from '../../parts/button.tsx';
import { MakeText } from './make-text.tsx';
import type { MakeProps } from './use-make-texts.ts';

type Worded = keyof PackForm['answers'] & PackQuestion;
/** The usual ones; anything else can be typed. */
const licences = ['Apache-2.0', 'MIT', 'CC-BY-4.0', 'AGPL-3.0', 'LicenseRef-own'];

/** What people and programs call the model. */
export function MakeIdentity({ draft, texts }: MakeProps) {
  const { t } = useTranslation();
  const { answers } = draft.form;
  const field = (name: Worded) => ({
    name,
    label: t(`make.field.${name}`),
    value: answers[name] ?? '',
    wrong: texts.wrongAt(name),
    onChange: (text: string) => answer(draft.ref, name, text),
  });
  return (
    <section className="make-section">
      <h3 className="heading">{t('make.identity')}</h3>
      <div className="make-grid">
        <MakeText {...field('title')} hint={t('make.hint.title')} longest={80} hasFocus isWide />
        <MakeText {...field('id')} hint={t('make.hint.id')} longest={80} isMono />
        <MakeText {...field('version')} hint={t('make.hint.version')} longest={64} isMono />
        <MakeText
          {...field('summary')}
          placeholder={t('make.summaryExample')}
          hint={t('make.hint.summary')}
          isWide
        />
        <MakeText
          {...field('licence')}
          isWide
          quick={licences.map((licence) => (
            <Button
              key={licence}
              size="small"
              tone="quiet"
              aria-pressed={answers.licence === licence}
              onClick={() => answer(draft.ref, 'licence', licence)}
            >
              {licence === 'LicenseRef-own' ? t('make.ownLicence') : licence}
            </Button>
          ))}
        />
      </div>
    </section>
  );
}
