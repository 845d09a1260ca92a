import { useState } from 'react';
import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { keysOpen } from '../../state/navigation.ts';
import { useInfo } from '../../state/queries.ts';
import { Button } from '../../parts/button.tsx';
import { SettingRow } from './setting-row.tsx';

export function SettingsAbout() {
  const { t } = useTranslation();
  const info = useInfo().data;
  const [shown, setShown] = useState(false);
  if (!info) return null;
  const versions = `Electron ${info.electron}, Chromium ${info.chrome}, Node ${info.node}, ONNX Runtime ${info.onnxruntime}`;
  return (
    <>
      <SettingRow title={`Outpost ${info.version}`} hint={versions} />
      <SettingRow
        title={t('settings.computer')}
        hint={`${info.cpu}, ${t('settings.cores', { count: info.cores })}, ${info.platform}`}
      />
      <SettingRow title={t('keys.title')} hint={t('settings.keysHint')}>
        <Button onClick={() => keysOpen.set(true)}>{t('settings.show')}</Button>
      </SettingRow>
      <SettingRow
        title={t('settings.licences')}
        hint={t('settings.licencesHint', { count: info.licences.length })}
      >
        <Button onClick={() => setShown(true)}>{t('settings.show')}</Button>
      </SettingRow>
      <Modal
        opened={shown}
        onClose={() => setShown(false)}
        size="lg"
        title={t('settings.licences')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <ul className="licences">
          {info.licences.map((one) => (
            <li key={`${one.name} ${one.version}`}>
              <span className="cut" title={one.name}>
                {one.name}
              </span>
              <span className="muted">{one.version}</span>
              <span>{one.licence}</span>
            </li>
          ))}
        </ul>
      </Modal>
    </>
  );
}
