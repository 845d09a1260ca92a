import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PhotoSteps } from '../../../contract/packs/pack-build.ts';
import { chooseSteps } from '../../actions/make-files.ts';
import { answer } from '../../actions/make-pack.ts';
import { changeForm } from '../../state/making.ts';
import { Button } from '../../parts/button.tsx';
import { MakeField } from './make-field.tsx';
import { MakeText } from './make-text.tsx';
import { MakeValues } from './make-values.tsx';
import type { MakeProps } from './use-make-texts.ts';

const own = 'own';
const fromFile = 'file';

/** How a photo becomes what the model was trained on: a preset, or values of one's own. */
export function MakePreparation({ draft, look, texts }: MakeProps) {
  const { t, i18n } = useTranslation();
  const { answers, photo, steps } = draft.form;
  const chosen = answers.preprocess ?? look.stated.preprocess;
  const preset = look.presets.find(({ name }) => name === chosen) ?? null;
  const values = steps === null ? (photo ?? preset?.photo ?? null) : null;
  const titleOf = (name: string): string =>
    i18n.exists(`make.preset.${name}`)
      ? t(`make.preset.${name}`)
      : (look.presets.find((one) => one.name === name)?.title ?? name);
  const guess = look.questions.find(({ question }) => question === 'preprocess')?.suggestion ?? null;
  const size = look.questions.find(({ question }) => question === 'size');
  const choose = (name: string): void => {
    changeForm(draft.ref, () => ({ photo: null, steps: null }));
    answer(draft.ref, 'preprocess', name);
  };
  const change = (part: Partial<PhotoSteps>): void =>
    changeForm(draft.ref, () => ({ photo: values && { ...values, ...part } }));
  return (
    <section className="make-section">
      <h3 className="heading">{t('make.preparation')}</h3>
      <div className="make-grid">
        <MakeField
          name="preprocess"
          label={t('make.field.preprocess')}
          wrong={texts.wrongAt('preprocess')}
          isWide
          hint={photo ? null : t('make.hint.preprocess')}
          quick={
            <>
              <Button size="small" tone="quiet" onClick={() => void chooseSteps(draft.ref)}>
                {t('make.chooseSteps')}
              </Button>
              {photo ? (
                <>
                  <span className="muted">{t('make.changedByHand')}</span>
                  <Button
                    size="small"
                    tone="quiet"
                    onClick={() => changeForm(draft.ref, () => ({ photo: null }))}
                  >
                    {t('make.asPreset')}
                  </Button>
                </>
              ) : guess !== null && preset === null && steps === null ? (
                <>
                  <span className="muted">{t('make.guess', { preset: titleOf(guess) })}</span>
                  <Button size="small" tone="quiet" onClick={() => choose(guess)}>
                    {t('make.takeGuess')}
                  </Button>
                </>
              ) : null}
            </>
          }
        >
          <Select
            aria-label={t('make.field.preprocess')}
            placeholder={t('make.choosePreset')}
            value={steps !== null ? fromFile : photo ? own : (preset?.name ?? null)}
            data={[
              ...(steps === null
                ? []
                : [{ value: fromFile, label: t('make.stepsFrom', { name: draft.names[steps] ?? '' }) }]),
              ...(photo
                ? [{ value: own, label: t('make.ownValues', { preset: preset ? titleOf(preset.name) : '' }) }]
                : []),
              ...look.presets.map(({ name }) => ({ value: name, label: titleOf(name) })),
            ]}
            onChange={(name) => {
              if (name !== null && name !== own && name !== fromFile) choose(name);
            }}
          />
        </MakeField>
        {size ? (
          <MakeText
            name="size"
            label={t('make.field.size')}
            value={answers.size ?? ''}
            placeholder={size.suggestion ?? '224'}
            wrong={texts.wrongAt('size')}
            hint={t('make.hint.size')}
            longest={20}
            onChange={(text) => answer(draft.ref, 'size', text)}
          />
        ) : look.picture ? (
          <MakeField name="size" label={t('make.field.size')} wrong={texts.wrongAt('size')}>
            <p className="make-fixed">
              {t('make.fixedSize', {
                width: look.picture.width ?? '?',
                height: look.picture.height ?? '?',
                order: look.picture.order,
              })}
            </p>
          </MakeField>
        ) : null}
        {values ? <MakeValues values={values} onChange={change} /> : null}
      </div>
    </section>
  );
}
