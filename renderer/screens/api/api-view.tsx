import { IconExternalLink, IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ApiReport } from '../../../contract/serving/access.ts';
import { openApiPage } from '../../actions/access.ts';
import { Button } from '../../parts/button.tsx';
import { Bytes, Count } from '../../parts/numbers.tsx';
import { useApi } from '../../state/access.ts';
import { useSettings } from '../../state/queries.ts';
import { ApiExamples } from './api-examples.tsx';
import { ApiRequests } from './api-requests.tsx';
import { ApiSwitch } from './api-switch.tsx';
import { ApiTokenDialog } from './api-token-dialog.tsx';
import { ApiTokens } from './api-tokens.tsx';

/** The server for other programs: its switch, the tokens, the last requests, and examples. */
export function ApiView() {
  const report = useApi().data;
  const settings = useSettings().data;
  if (!report || !settings) return <div className="api" aria-busy="true" />;
  const { state, tokens, limits } = report;
  const address = state.kind === 'on' ? state.address : `http://${settings.apiBind}`;
  return (
    <div className="api">
      <div className="api-main">
        <ApiSwitch state={state} address={address} />
        <ApiTokens tokens={tokens} />
        <ApiRequests isOn={state.kind === 'on'} />
      </div>
      <aside className="api-side">
        <div className="api-side-scroll">
          <ApiExamples address={address} />
          <Limits limits={limits} />
        </div>
        <Pages isOn={state.kind === 'on'} />
      </aside>
      <ApiTokenDialog />
    </div>
  );
}

function Limits({ limits }: { readonly limits: ApiReport['limits'] }) {
  const { t } = useTranslation();
  return (
    <section className="api-limits" aria-labelledby="api-limits">
      <h3 className="api-example-title" id="api-limits">
        {t('api.limits')}
      </h3>
      <dl>
        <div className="row">
          <dt>{t('api.largestBody')}</dt>
          <dd className="end">
            <Bytes value={limits.maxBodyBytes} />
          </dd>
        </div>
        <div className="row">
          <dt>{t('api.longestAnswer')}</dt>
          <dd className="end">
            <Count value={limits.timeoutMs / 1000} />
            <span className="unit">s</span>
          </dd>
        </div>
        <div className="row">
          <dt>{t('api.mostWaiting')}</dt>
          <dd className="end">
            <Count value={limits.maxQueue} />
          </dd>
        </div>
      </dl>
    </section>
  );
}

function Pages({ isOn }: { readonly isOn: boolean }) {
  const { t } = useTranslation();
  return (
    <div className="api-pages">
      <Button
        disabled={!isOn}
        title={isOn ? undefined : t('api.pagesOff')}
        icon={<IconExternalLink size={18} stroke={1.5} aria-hidden="true" />}
        onClick={() => void openApiPage('docs')}
      >
        {t('api.tryPage')}
      </Button>
      <Button
        tone="quiet"
        disabled={!isOn}
        title={isOn ? undefined : t('api.pagesOff')}
        icon={<IconFileText size={18} stroke={1.5} aria-hidden="true" />}
        onClick={() => void openApiPage('openapi.json')}
      >
        OpenAPI
      </Button>
    </div>
  );
}
