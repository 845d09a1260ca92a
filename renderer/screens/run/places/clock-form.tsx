import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  clockMs,
  parseShift,
  shiftClock,
  shiftText as writtenShift,
} from '../../../../contract/pictures/camera.ts';
import type { RunFolderState } from '../../../../contract/runs/run-folders.ts';
import { changePlace } from '../../../actions/places.ts';
import { Button } from '../../../parts/button.tsx';
import type { Places } from '../../../state/places.ts';
import { shiftTextIn } from './shift-text.ts';

type ClockFormProps = { readonly now: Places; readonly folder: RunFolderState; readonly title: string };

/** A clock that was wrong: by the right time of one photo, or by how much. What the camera wrote stays beside it. */
export function ClockForm({ now, folder, title }: ClockFormProps) {
  const { t, i18n } = useTranslation();
  const { shiftS, firstTaken, stated } = folder;
  // The folder's times are corrected ones: subtracting the shift gives the camera's own time.
  const cameraTime = now.photo?.takenAt ?? (firstTaken === null ? null : shiftClock(firstTaken, -shiftS));
  const [written, setWritten] = useState(shiftS === 0 ? '' : writtenShift(shiftS));
  const wanted = written.trim() === '' ? 0 : parseShift(plain(written));
  if (cameraTime === null) return <p className="small muted places-form">{t('places.noTimes')}</p>;
  const clock = new Intl.DateTimeFormat(i18n.language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  });
  const name = now.photo?.name ?? t('places.firstPhoto');
  const save = (to: number | null): void =>
    void changePlace(now.run, folder, {
      shiftS: to,
      message: {
        key: to === null || to === 0 ? 'places.clockAsSaid' : 'places.clockMoved',
        values: { folder: title, shift: (language) => shiftTextIn(language, to ?? 0) ?? '' },
      },
    });
  const isChanged = wanted !== null && wanted !== shiftS;
  return (
    <form
      className="places-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) save(wanted);
      }}
    >
      <p className="places-clock">
        <span className="muted">{t('places.cameraSaid', { photo: name })}</span>
        <span className="number">{clock.format(clockMs(cameraTime))}</span>
      </p>
      <label>
        <span>{t('places.rightTime')}</span>
        <span className="field">
          <input
            type="datetime-local"
            step={1}
            value={shiftClock(cameraTime, wanted ?? shiftS)}
            onChange={({ target }) => {
              const right = clockMs(target.value.length === 16 ? `${target.value}:00` : target.value);
              if (!Number.isNaN(right)) setWritten(writtenShift((right - clockMs(cameraTime)) / 1000));
            }}
          />
        </span>
      </label>
      <label>
        <span>{t('places.movedBy')}</span>
        <span className="field">
          <input
            value={written}
            spellCheck={false}
            autoComplete="off"
            placeholder={t('places.notMoved')}
            aria-invalid={wanted === null}
            aria-description={t('places.shiftHint')}
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
        </span>
      </label>
      <p className={wanted === null ? 'small tone-danger' : 'small muted'}>{t('places.shiftHint')}</p>
      <div className="row">
        <Button type="submit" size="small" disabled={!isChanged}>
          {t('places.moveClock')}
        </Button>
        {stated.shiftS === null ? null : (
          <Button tone="quiet" size="small" onClick={() => save(null)}>
            {t('places.asCamera')}
          </Button>
        )}
      </div>
    </form>
  );
}

/** As people write it: `+1 h 20 min`, with a minus of either kind, and without a sign for a plus. */
function plain(written: string): string {
  const text = written
    .toLowerCase()
    .replaceAll(/\s/gu, '')
    .replaceAll('min', 'm')
    .replaceAll('std', 'h')
    .replaceAll('−', '-');
  return /^[+-]/u.test(text) ? text : `+${text}`;
}
