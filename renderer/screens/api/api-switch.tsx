import { Switch } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ApiState } from '../../../contract/serving/access.ts';
import { answerOnPort, switchApi, tryApiAgain } from '../../actions/access.ts';
import { copyText } from '../../actions/ask-main.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { TextSetting } from '../../parts/text-setting.tsx';
import { useSettings } from '../../state/queries.ts';

/** Whether Outpost answers other programs, and where. */
export function ApiSwitch({ state, address }: { readonly state: ApiState; readonly address: string }) {
  const { t } = useTranslation();
  const settings = useSettings().data;
  if (!settings) return null;
  return (
    <section className="api-switch" aria-label={t('api.switch')}>
      <div className="row">
        <Switch
          aria-label={t('api.switch')}
          checked={settings.apiOn}
          onChange={(event) => void switchApi(event.currentTarget.checked)}
        />
        <div className="grow">
          <div className="heading">{t('api.switch')}</div>
          <div className="muted">{t('api.switchHint')}</div>
        </div>
        {state.kind === 'on' ? (
          <>
            <code className="api-address mono">{address}</code>
            <Button
              tone="quiet"
              aria-label={t('api.copyAddress')}
              title={t('api.copyAddress')}
              icon={<IconCopy size={18} stroke={1.5} aria-hidden="true" />}
              onClick={() => void copyText(address)}
            />
          </>
        ) : (
          <label className="api-port">
            <span className="muted">{t('api.port')}</span>
            <PortField bind={settings.apiBind} />
          </label>
        )}
      </div>
      {state.kind === 'failed' ? <ApiFault state={state} bind={settings.apiBind} /> : null}
    </section>
  );
}

function PortField({ bind }: { readonly bind: string }) {
  const { t } = useTranslation();
  return (
    <TextSetting
      isShort
      label={t('api.port')}
      value={portOf(bind)}
      placeholder="8501"
      pattern={/^(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])$/u}
      wrong={t('api.portWrong')}
      onSave={(port) => void answerOnPort(Number(port))}
    />
  );
}

/** A port that is taken, with the way on. */
function ApiFault({
  state: { fault, freePort },
  bind,
}: {
  readonly state: Extract<ApiState, { kind: 'failed' }>;
  readonly bind: string;
}) {
  const { t } = useTranslation();
  const isTaken = fault.code === 'address-in-use';
  return (
    <FaultCard
      title={t(isTaken ? 'api.taken' : 'api.notStarted', { port: portOf(bind) })}
      fault={fault}
      onCopy={(text) => void copyText(text)}
      actions={
        <>
          {freePort === null ? null : (
            <Button tone="primary" size="small" onClick={() => void answerOnPort(freePort)}>
              {t('api.usePort', { port: freePort })}
            </Button>
          )}
          <Button size="small" onClick={() => void tryApiAgain()}>
            {t('api.again')}
          </Button>
        </>
      }
    />
  );
}

const portOf = (bind: string): string => bind.slice(bind.lastIndexOf(':') + 1);
