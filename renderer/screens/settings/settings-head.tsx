import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCell } from '../../state/cell.ts';
import { settingsSearch } from '../../state/navigation.ts';

export function SettingsHead() {
  const { t } = useTranslation();
  const search = useCell(settingsSearch);
  return (
    <span className="field end setting-search">
      <IconSearch size={18} stroke={1.5} aria-hidden="true" />
      <input
        type="search"
        aria-label={t('settings.find')}
        placeholder={t('settings.find')}
        value={search}
        maxLength={100}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => settingsSearch.set(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || search === '') return;
          event.stopPropagation();
          settingsSearch.set('');
        }}
      />
    </span>
  );
}
