import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { getAppUpdate, installAppUpdate } from '../../actions/updates.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingRow } from './setting-row.tsx';
import { valueOf } from '../../state/client.ts';

/** An update of Outpost itself, where the feed has one; nothing otherwise. */
export function AppUpdate() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const state = useQuery({ queryKey: ['app-update'], queryFn: () => valueOf('updates.app', undefined) }).data;
  const fetching = useMutation({ mutationFn: getAppUpdate });
  if (!state || state.kind === 'none') return null;
  const { version } = state;
  const isBusy = fetching.isPending || state.kind === 'downloading';
  const hint =
    state.kind === 'offered'
      ? `${state.note} ${t('appUpdate.size', { size: numbers.bytes(state.size) })}`.trim()
      : t(state.kind === 'ready' ? 'appUpdate.readyHint' : 'appUpdate.fetching');
  return (
    <SettingRow title={t('appUpdate.title', { version })} hint={hint}>
      {state.kind === 'ready' ? (
        <Button onClick={() => void installAppUpdate()}>{t('appUpdate.install')}</Button>
      ) : (
        <Button disabled={isBusy} onClick={() => fetching.mutate()}>
          {t(isBusy ? 'appUpdate.fetching' : 'appUpdate.get')}
        </Button>
      )}
    </SettingRow>
  );
}
