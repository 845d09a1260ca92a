import { Switch } from '@mantine/core';
import { IconPhotoPlus, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseInputs, choosePhotos, dropGolden } from '../../actions/make-files.ts';
import { Button } from '../../parts/button.tsx';
import { MakeField } from './make-field.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import { changeDraft } from '../../state/making.ts';
import type { MakeProps } from './use-make-texts.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';

/** Inputs that go into the pack with the answers that the model gives now. */
export function MakeGolden({ draft, look, texts }: MakeProps) {
  const { t } = useTranslation();
  const isPhoto = look.task === null || takesPictures(look.task);
  const files = isPhoto ? draft.photos : draft.inputs;
  return (
    <section className="make-section">
      <h3 className="heading">
        {t('make.field.golden')} <span className="small muted">{t('make.optional')}</span>
      </h3>
      <MakeField
        name="golden"
        label={t('make.field.golden')}
        wrong={texts.wrongAt('golden')}
        hint={
          isPhoto
            ? t('make.hint.golden')
            : `${t('make.hint.goldenInputs')}${look.inputs.length > 1 ? ` ${t('make.hint.goldenSeveral', { names: look.inputs.map(({ name }) => `${name}.npy`).join(', ') })}` : ''}`
        }
        isWide
      >
        {files.length > 0 ? (
          <ul className="make-golden">
            {files.map(({ ref, name }) => (
              <li key={ref}>
                {isPhoto ? (
                  <button
                    type="button"
                    className="make-thumb"
                    title={name}
                    aria-label={t('make.showPhoto', { name })}
                    onClick={() => changeDraft(draft.ref, () => ({ previewed: ref }))}
                  >
                    <Thumbnail photo={ref} edge={192} />
                  </button>
                ) : (
                  <span className="mono make-array">
                    <MiddleCut text={name} />
                  </span>
                )}
                <Button
                  size="small"
                  className="make-drop"
                  aria-label={t('make.dropGolden', { name })}
                  icon={<IconX size={14} stroke={1.5} />}
                  onClick={() => dropGolden(draft.ref, ref)}
                />
              </li>
            ))}
          </ul>
        ) : null}
        <div className="row make-wrap">
          {isPhoto ? (
            <Button
              icon={<IconPhotoPlus size={18} stroke={1.5} aria-hidden="true" />}
              onClick={() => void choosePhotos(draft.ref)}
            >
              {t('make.addPhotos')}
            </Button>
          ) : (
            <Button
              icon={<IconPlus size={18} stroke={1.5} aria-hidden="true" />}
              onClick={() => void chooseInputs(draft.ref)}
            >
              {t('make.addInputs')}
            </Button>
          )}
          {isPhoto && files.length > 0 ? (
            <Switch
              label={t('make.keepPhotos')}
              checked={draft.keepsPhotos}
              onChange={({ currentTarget: { checked } }) =>
                changeDraft(draft.ref, () => ({ keepsPhotos: checked }))
              }
            />
          ) : null}
        </div>
      </MakeField>
    </section>
  );
}
