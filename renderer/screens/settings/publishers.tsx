import { useState } from 'react';
import { IconShieldCheck, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { choosePublisher, distrust } from '../../actions/updates.ts';
import { Button } from '../../parts/button.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { SettingRow } from './setting-row.tsx';
import { useCell } from '../../state/cell.ts';
import { chosenRoot, useUpdates } from '../../state/lifecycle.ts';
import { settingMark } from '../../state/navigation.ts';
import { BackToImport } from './back-to-import.tsx';
import { TrustDialog } from './trust-dialog.tsx';

/** Whose signatures count on this computer. */
export function Publishers() {
  const { t } = useTranslation();
  const publishers = useUpdates().data?.publishers ?? [];
  const [known] = useState(publishers.length);
  const mark = useCell(settingMark);
  const chosen = useCell(chosenRoot);
  return (
    <>
      <SettingRow
        name="publishers"
        isMarked={mark === 'publishers'}
        title={t('updates.publishers')}
        hint={t('updates.publishersHint')}
      >
        <Button
          icon={<IconPlus size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => void choosePublisher()}
        >
          {t('updates.addPublisher')}
        </Button>
        <BackToImport row="publishers" isDone={publishers.length > known} />
      </SettingRow>
      {publishers.length > 0 ? (
        <ul className="publishers">
          {publishers.map((one) => (
            <li key={one.fingerprint}>
              <IconShieldCheck size={18} stroke={1.5} className="tone-ok" aria-hidden="true" />
              <div className="grow">
                <span>{one.name}</span>{' '}
                <span className="small muted">
                  {t(one.isBuiltIn ? 'updates.builtIn' : 'updates.rootVersion', { version: one.rootVersion })}
                </span>
                <Fingerprint of={one.fingerprint} />
              </div>
              {one.isBuiltIn ? null : (
                <Button
                  size="small"
                  aria-label={t('updates.distrustName', { name: one.name })}
                  onClick={() => void distrust(one.fingerprint)}
                >
                  {t('updates.distrust')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      <TrustDialog root={chosen} onClose={() => chosenRoot.set(null)} />
    </>
  );
}
