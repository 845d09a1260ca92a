import { SegmentedControl, Select, Switch } from '@mantine/core';
import { IconFolderOpen } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Settings } from '../../../contract/settings.ts';
import { changeSettings } from '../../actions/ask-main.ts';
import { chooseFeedFolder, setFeed } from '../../actions/updates.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingRow } from './setting-row.tsx';
import { TextSetting } from '../../parts/text-setting.tsx';
import { useCell } from '../../state/cell.ts';
import { settingMark } from '../../state/navigation.ts';
import { updateModes, updateNetworks } from '../../state/choices.ts';
import { AppUpdate } from './app-update.tsx';
import { BackToImport } from './back-to-import.tsx';
import { LastCheck } from './last-check.tsx';
import { Publishers } from './publishers.tsx';
import { resetOf } from './setting-reset.ts';

const kib = 1024;
const caps = [64, 128, 256, 512, 1024, 4096];

/** Where new versions come from, and how much a person wants to be asked. */
export function SettingsUpdates({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const mark = useCell(settingMark);
  const { bandwidthCapKiBps: cap } = settings;
  const known = cap === null || caps.includes(cap) ? caps : [...caps, cap].sort((a, b) => a - b);
  return (
    <>
      <SettingRow title={t('updates.feed')} hint={t('updates.feedHint')}>
        <TextSetting
          label={t('updates.feed')}
          value={settings.feed ?? ''}
          placeholder={t('updates.feedNone')}
          onSave={(feed) => void setFeed(feed === '' ? null : feed)}
        />
        <Button
          aria-label={t('updates.chooseFolder')}
          title={t('updates.chooseFolder')}
          icon={<IconFolderOpen size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => void chooseFeedFolder()}
        />
      </SettingRow>
      <LastCheck hasFeed={settings.feed !== null} />
      <AppUpdate />
      <SettingRow
        title={t('updates.mode')}
        onReset={resetOf(settings, 'updateMode')}
        hint={t(`updates.mode.${settings.updateMode}Hint`)}
      >
        <SegmentedControl
          aria-label={t('updates.mode')}
          value={settings.updateMode}
          onChange={(value) =>
            void changeSettings({ updateMode: updateModes.find((one) => one === value) ?? 'ask' })
          }
          data={updateModes.map((one) => ({ value: one, label: t(`updates.mode.${one}`) }))}
        />
      </SettingRow>
      <SettingRow
        title={t('updates.channel')}
        onReset={resetOf(settings, 'feedChannel')}
        hint={t('updates.channelHint')}
      >
        <TextSetting
          isShort
          label={t('updates.channel')}
          value={settings.feedChannel}
          placeholder="stable"
          pattern={/^[a-z0-9]+(?:-[a-z0-9]+)*$/u}
          wrong={t('updates.channelWrong')}
          onSave={(feedChannel) => void changeSettings({ feedChannel })}
        />
      </SettingRow>
      <SettingRow
        title={t('updates.networks')}
        onReset={resetOf(settings, 'updateNetworks')}
        hint={t('updates.networksHint')}
      >
        <SegmentedControl
          aria-label={t('updates.networks')}
          value={settings.updateNetworks}
          onChange={(value) =>
            void changeSettings({ updateNetworks: updateNetworks.find((one) => one === value) ?? 'any' })
          }
          data={updateNetworks.map((one) => ({ value: one, label: t(`updates.networks.${one}`) }))}
        />
      </SettingRow>
      <SettingRow
        title={t('updates.cap')}
        onReset={resetOf(settings, 'bandwidthCapKiBps')}
        hint={t('updates.capHint')}
      >
        <Select
          aria-label={t('updates.cap')}
          w={136}
          value={String(cap ?? 'none')}
          data={[
            { value: 'none', label: t('updates.noCap') },
            ...known.map((one) => ({
              value: String(one),
              label: t('fetch.rateShort', { rate: numbers.bytes(one * kib) }),
            })),
          ]}
          onChange={(value) =>
            void changeSettings({
              bandwidthCapKiBps: value === null || value === 'none' ? null : Number(value),
            })
          }
        />
      </SettingRow>
      <Publishers />
      <SettingRow
        name="unsigned"
        isMarked={mark === 'unsigned'}
        title={t('updates.unsigned')}
        onReset={resetOf(settings, 'allowUnsigned')}
        hint={t('updates.unsignedHint')}
      >
        <Switch
          aria-label={t('updates.unsigned')}
          checked={settings.allowUnsigned}
          onChange={(event) => void changeSettings({ allowUnsigned: event.currentTarget.checked })}
        />
        <BackToImport row="unsigned" isDone={settings.allowUnsigned} />
      </SettingRow>
    </>
  );
}
