import { IconKey } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ApiRequest } from '../../../contract/serving/access.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { tokenDialog, useApiModels } from '../../state/access.ts';

const token = new Set(['token-missing', 'token-unknown', 'token-not-allowed']);

/** All of one request: what was asked, why it went as it did, and the way on. */
export function ApiRequestDetail({ request }: { readonly request: ApiRequest }) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const { method, path, program, model, status, why } = request;
  const facts = [
    { name: t('api.asked'), value: `${method} ${path}`, mono: true },
    { name: t('api.program'), value: program ?? t('api.noToken') },
    ...(model === null ? [] : [{ name: t('api.model'), value: model }]),
  ];
  return (
    <div className="api-detail">
      {why ? (
        <p>
          {faultText.line(why)} {faultText.hint(why)} <code className="mono muted">{why.code}</code>
        </p>
      ) : (
        <p>{t(status < 400 ? 'api.wasAnswered' : status === 499 ? 'api.hungUp' : 'api.noReason')}</p>
      )}
      <Facts facts={facts} />
      {why && token.has(why.code) ? <NewToken request={request} /> : null}
    </div>
  );
}

/** A token that may do what was asked for just now. */
function NewToken({ request: { program, why } }: { readonly request: ApiRequest }) {
  const { t } = useTranslation();
  const models = useApiModels().data ?? [];
  const what = models.find(({ id }) => id === why?.params['what'])?.id;
  return (
    <Button
      size="small"
      icon={<IconKey size={16} stroke={1.5} aria-hidden="true" />}
      onClick={() =>
        tokenDialog.set({
          kind: 'form',
          ...(program !== null && { name: program }),
          ...(what !== undefined && { models: [what] }),
        })
      }
    >
      {t('api.newToken')}
    </Button>
  );
}
