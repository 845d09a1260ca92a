import { useState } from 'react';
import { IconBookmark } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { keepProfile } from '../../../actions/export-run.ts';
import { Button } from '../../../parts/button.tsx';

/** Keeps the choice under a name, to be used for another run and on the command line. */
export function KeepProfile({ profile }: { readonly profile: string | null }) {
  const { t } = useTranslation();
  const [name, setName] = useState<string | null>(null);
  const [savedAs, setSavedAs] = useState<string | null>(null);
  const keep = async (): Promise<void> => {
    if (name === null || !(await keepProfile(name))) return;
    setSavedAs(name.trim());
    setName(null);
  };
  if (name === null)
    return (
      <div className="row export-keep">
        <Button
          size="small"
          tone="quiet"
          data-focus-at="keep-profile"
          icon={<IconBookmark size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => setName(profile ?? '')}
        >
          {t('exports.keep')}
        </Button>
        <span className="small muted" role="status">
          {savedAs === null ? '' : t('exports.kept', { name: savedAs })}
        </span>
      </div>
    );
  return (
    <div className="row export-keep">
      <label className="field grow">
        <input
          autoFocus
          data-focus-to="keep-profile"
          aria-label={t('exports.keepName')}
          placeholder={t('exports.keepName')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => {
            // The form around it writes the export, and the dialog closes.
            if (event.key !== 'Enter' && event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            if (event.key === 'Enter') void keep();
            else setName(null);
          }}
        />
      </label>
      <Button disabled={name.trim() === ''} data-focus-to="keep-profile" onClick={() => void keep()}>
        {t('exports.keepNow')}
      </Button>
      <Button tone="quiet" data-focus-to="keep-profile" onClick={() => setName(null)}>
        {t('common.cancel')}
      </Button>
    </div>
  );
}
