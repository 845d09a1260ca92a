import { useState } from 'react';
import { Modal } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { clearAnswers, openDataFolder } from '../../actions/ask-main.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmActions } from '../../parts/confirm-actions.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingsRuns } from './settings-runs.tsx';
import { SettingNumber } from './setting-number.tsx';
import { SettingRow } from './setting-row.tsx';
import { useCacheStats, useInfo } from '../../state/queries.ts';

const mib = 1024 ** 2;
const caps = [256 * mib, 512 * mib, 1024 * mib, 2048 * mib, 4096 * mib, 8192 * mib, 16384 * mib, 65536 * mib];

export function SettingsResults({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const stats = useCacheStats().data;
  const info = useInfo().data;
  const [isConfirming, setIsConfirming] = useState(false);
  const clear = (): void => {
    setIsConfirming(false);
    void clearAnswers();
  };
  const hint = stats
    ? t('settings.keptHint', {
        count: stats.answers,
        n: numbers.count(stats.answers),
        size: numbers.bytes(stats.sizeBytes),
        cap: binary(stats.capBytes, numbers.count),
      })
    : ' ';
  return (
    <>
      <SettingRow title={t('settings.kept')} hint={hint}>
        <span className="kept-bar" aria-hidden="true">
          <span
            style={{ width: `${stats ? Math.min(100, (stats.sizeBytes / stats.capBytes) * 100) : 0}%` }}
          />
        </span>
        <Button disabled={!stats || stats.answers - stats.kept <= 0} onClick={() => setIsConfirming(true)}>
          {t('settings.clear')}
        </Button>
      </SettingRow>
      <SettingNumber
        settings={settings}
        name="cacheCapBytes"
        title={t('settings.cap')}
        hint={t('settings.capHint')}
        choices={caps}
        format={(bytes) => binary(bytes, numbers.count)}
      />
      <SettingsRuns settings={settings} />
      <SettingRow title={t('settings.dataFolder')} hint={<span className="mono">{info?.dataFolder}</span>}>
        <Button
          icon={<IconFolderOpen size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => void openDataFolder()}
        >
          {t('settings.open')}
        </Button>
      </SettingRow>
      <Modal
        opened={isConfirming}
        onClose={() => setIsConfirming(false)}
        title={t('settings.clearTitle')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <p>
          {t('settings.clearWords', {
            count: stats ? stats.answers - stats.kept : 0,
            n: numbers.count(stats ? stats.answers - stats.kept : 0),
          })}
        </p>
        <ConfirmActions tone="danger" onCancel={() => setIsConfirming(false)} onConfirm={clear}>
          {t('settings.clearNow')}
        </ConfirmActions>
      </Modal>
    </>
  );
}

/** The limit is a power of two, so it is shown in binary units. */
const binary = (bytes: number, count: (value: number) => string): string =>
  bytes < 1024 * mib ? `${count(bytes / mib)} MiB` : `${count(bytes / mib / 1024)} GiB`;
