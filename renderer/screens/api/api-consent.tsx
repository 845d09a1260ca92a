import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ConsentRequest } from '../../../contract/serving/access.ts';
import { decide } from '../../actions/access.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useApi, useApiModels } from '../../state/access.ts';

/** A program asks for a token, wherever the person is. One after the other; closing it refuses. */
export function ApiConsent() {
  const { t } = useTranslation();
  const pending = useApi().data?.pending ?? [];
  const first = pending[0] ?? null;
  const refuse = (): void => {
    if (first) void decide(first.id, false);
  };
  return (
    <Modal
      opened={first !== null}
      onClose={refuse}
      size={480}
      closeOnClickOutside={false}
      // Unsolicited dialog: it must not take a key press meant for something else.
      trapFocus
      title={t('consent.title', { program: first?.program ?? '' })}
      closeButtonProps={{ 'aria-label': t('consent.refuse') }}
      classNames={{ title: 'api-consent-title' }}
    >
      {first ? <Asked key={first.id} request={first} more={pending.length - 1} onRefuse={refuse} /> : null}
    </Modal>
  );
}

type AskedProps = {
  readonly request: ConsentRequest;
  readonly more: number;
  readonly onRefuse: () => void;
};

function Asked({ request: { id, program, models }, more, onRefuse }: AskedProps) {
  const { t } = useTranslation();
  const known = useApiModels().data ?? [];
  const titles = models?.map((model) => known.find((one) => one.id === model)?.title ?? model);
  return (
    <>
      <p>{t('consent.words')}</p>
      <div className="api-consent-facts">
        <Facts
          facts={[
            { name: t('api.program'), value: program },
            { name: t('api.mayAsk'), value: titles?.join(', ') ?? t('consent.everything') },
          ]}
        />
      </div>
      {more > 0 ? <p className="muted">{t('consent.more', { count: more, n: more })}</p> : null}
      <div className="modal-actions">
        <Button data-autofocus onClick={onRefuse}>
          {t('consent.refuse')}
        </Button>
        <Button tone="primary" onClick={() => void decide(id, true)}>
          {t('consent.allow')}
        </Button>
      </div>
    </>
  );
}
