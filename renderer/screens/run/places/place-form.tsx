import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parsePlace } from '../../../../contract/runs/run-folders.ts';
import type { RunFolderState } from '../../../../contract/runs/run-folders.ts';
import { changePlace } from '../../../actions/places.ts';
import { Button } from '../../../parts/button.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import { writtenPlace } from '../../../parts/written-place.ts';

type Degrees = Pick<RunFolderState, 'latitude' | 'longitude'>;
type PlaceFormProps = { readonly run: string; readonly folder: RunFolderState; readonly title: string };

/** Where the site of a folder is: by a person, else by the photos' own coordinates. */
export function PlaceForm({ run, folder, title }: PlaceFormProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const written = ({ latitude, longitude }: Degrees): string =>
    latitude === null || longitude === null ? '' : numbers.place({ latitude, longitude });
  const before = written(folder.stated);
  const [text, setText] = useState(before);
  const next = parsePlace(text);
  const isWrong = text.trim() !== '' && next === null;
  const isChanged = next !== null && written(next) !== before;
  const save = (to: typeof next): void =>
    void changePlace(run, folder, {
      latitude: to?.latitude ?? null,
      longitude: to?.longitude ?? null,
      message: to
        ? {
            key: 'places.placeSet',
            values: { folder: title, place: (language) => writtenPlace(language, to) },
          }
        : { key: 'places.placeTaken', values: { folder: title } },
    });
  return (
    <form
      className="places-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) save(next);
      }}
    >
      <label>
        <span>{t('places.place')}</span>
        <span className="field">
          <input
            value={text}
            maxLength={80}
            spellCheck={false}
            autoComplete="off"
            placeholder={written(folder) || t('places.asPhotos')}
            aria-invalid={isWrong}
            aria-description={t('places.placeHint')}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </span>
      </label>
      <p className={isWrong ? 'small tone-danger' : 'small muted'}>{t('places.placeHint')}</p>
      <div className="row">
        <Button type="submit" size="small" disabled={!isChanged}>
          {t('places.setPlace')}
        </Button>
        {before === '' ? null : (
          <Button tone="quiet" size="small" onClick={() => save(null)}>
            {t('places.asPhotos')}
          </Button>
        )}
      </div>
    </form>
  );
}
