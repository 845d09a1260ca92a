import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { AccessToken } from '../../../contract/serving/access.ts';
import { restoreToken, revokeToken } from '../../actions/access.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { revoked, tokenDialog, useApiModels } from '../../state/access.ts';
import { useCell } from '../../state/cell.ts';
import { useNow } from './use-now.ts';

/** Who may ask, for what, and when it last did. */
export function ApiTokens({ tokens }: { readonly tokens: readonly AccessToken[] }) {
  const { t } = useTranslation();
  return (
    <section aria-labelledby="api-tokens">
      <div className="row api-head">
        <h2 className="heading" id="api-tokens">
          {t('api.tokens')}
        </h2>
        <Button
          size="small"
          className="end"
          icon={<IconKey size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => tokenDialog.set({ kind: 'form' })}
        >
          {t('api.newToken')}
        </Button>
      </div>
      {tokens.length === 0 ? (
        <p className="muted api-none">{t('api.noTokens')}</p>
      ) : (
        <Table tokens={tokens} />
      )}
      <Revoked />
    </section>
  );
}

function Table({ tokens }: { readonly tokens: readonly AccessToken[] }) {
  const { t } = useTranslation();
  return (
    <table className="api-table api-tokens">
      <thead>
        <tr>
          <th scope="col">{t('api.program')}</th>
          <th scope="col">{t('api.mayAsk')}</th>
          <th scope="col">{t('api.lastUsed')}</th>
          <th scope="col">
            <span className="hidden-words">{t('api.revoke')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <th scope="row">
              <span className="api-name">
                <strong className="cut" title={token.name}>
                  {token.name}
                </strong>
                <span className="mono muted" title={t('api.tailHint')}>
                  …{token.tail}
                </span>
              </span>
            </th>
            <td>
              <MayAsk token={token} />
            </td>
            <td className="muted">
              <LastUsed at={token.lastUsedAt} />
            </td>
            <td className="api-do">
              <Button
                tone="quiet"
                size="small"
                data-focus-to="token-undo"
                aria-label={t('api.revokeName', { name: token.name })}
                onClick={() => void revokeToken(token.id)}
              >
                {t('api.revoke')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function MayAsk({ token: { models, isControl } }: { readonly token: AccessToken }) {
  const { t } = useTranslation();
  const known = useApiModels().data ?? [];
  const titles = models?.map((id) => known.find((one) => one.id === id)?.title ?? id).join(', ');
  const all = [titles ?? t('api.everything'), isControl ? t('api.andControl') : null]
    .filter(Boolean)
    .join(', ');
  return models === null ? (
    <span
      className="api-everything tone-warn"
      title={[t('api.everythingHint'), isControl ? t('api.control') : null].filter(Boolean).join(' ')}
    >
      <IconAlertTriangle size={16} stroke={1.5} aria-hidden="true" />
      <span className="cut">{all}</span>
    </span>
  ) : (
    <span className="cut api-models" title={all}>
      {all}
    </span>
  );
}

const minute = 60_000;

function LastUsed({ at }: { readonly at: string | null }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const now = useNow();
  if (at === null) return <>{t('api.never')}</>;
  const age = now - Date.parse(at);
  const text =
    age < 5_000
      ? t('api.now')
      : age < minute
        ? t('api.ago', { time: t('time.seconds', { n: Math.floor(age / 1000) }) })
        : age < 60 * minute
          ? t('api.ago', { time: t('time.minutes', { n: Math.floor(age / minute) }) })
          : numbers.date(at);
  return (
    <time dateTime={at} title={numbers.day(at)}>
      {text}
    </time>
  );
}

/** Undo for a revocation, in reserved space so that the layout does not shift. */
function Revoked() {
  const { t } = useTranslation();
  const token = useCell(revoked);
  return (
    <div className="api-revoked" role="status">
      {token ? (
        <>
          <span className="cut" title={token.name}>
            {t('api.revoked', { name: token.name })}
          </span>
          <Button size="small" data-focus-at="token-undo" onClick={() => void restoreToken(token.id)}>
            {t('api.undo')}
          </Button>
        </>
      ) : null}
    </div>
  );
}
