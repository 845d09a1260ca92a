import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFolderState } from '../../../../contract/runs/run-folders.ts';
import { changePlace } from '../../../actions/places.ts';
import { Button } from '../../../parts/button.tsx';

type SiteFormProps = {
  readonly run: string;
  readonly folder: RunFolderState;
  readonly folders: readonly RunFolderState[];
  readonly title: string;
};

/** What the site of a folder is called: by a person, else as its folders are. */
export function SiteForm({ run, folder, folders, title }: SiteFormProps) {
  const { t } = useTranslation();
  const { stated, site } = folder;
  const [text, setText] = useState(stated.site ?? '');
  const hints = useId();
  const known = [...new Set(folders.flatMap((one) => one.site ?? []))];
  const next = text.trim();
  const save = (to: string | null): void =>
    void changePlace(run, folder, {
      site: to,
      message:
        to === null
          ? { key: 'places.siteTaken', values: { folder: title } }
          : { key: 'places.siteNamed', values: { folder: title, site: to } },
    });
  return (
    <form
      className="places-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (next !== '' && next !== stated.site) save(next);
      }}
    >
      <label>
        <span>{t('run.site')}</span>
        <span className="field">
          <input
            list={hints}
            value={text}
            maxLength={1000}
            spellCheck={false}
            placeholder={site ?? t('places.several')}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </span>
      </label>
      <datalist id={hints}>
        {known.map((one) => (
          <option key={one} value={one} />
        ))}
      </datalist>
      <div className="row">
        <Button type="submit" size="small" disabled={next === '' || next === stated.site}>
          {t('places.nameSite')}
        </Button>
        {stated.site === null ? (
          <span className="small muted">{t('places.siteHint')}</span>
        ) : (
          <Button tone="quiet" size="small" onClick={() => save(null)}>
            {t('places.byFolders')}
          </Button>
        )}
      </div>
    </form>
  );
}
