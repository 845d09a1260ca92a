import { useState } from 'react';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ApiRequest } from '../../../contract/serving/access.ts';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { useApiRequests } from '../../state/access.ts';
import { ApiRequestDetail } from './api-request-detail.tsx';
import { useNow } from './use-now.ts';
import { useHasModelColumn } from '../../hooks/use-width.ts';

const spanMs = 10_000;

/** The last requests, newest first, as they come. */
export function ApiRequests({ isOn }: { readonly isOn: boolean }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const requests = useApiRequests().data ?? [];
  const [open, setOpen] = useState<number | null>(null);
  const now = Math.max(useNow(), requests[0]?.at ?? 0);
  const fresh = requests.filter(({ at }) => at > now - spanMs).length;
  return (
    <section aria-labelledby="api-requests">
      <div className="row api-head">
        {isOn ? <span className="api-live" aria-hidden="true" /> : null}
        <h2 className="heading" id="api-requests">
          {t('api.requests')}
        </h2>
        {fresh > 0 ? (
          <span className="end small muted">
            {t('api.fresh', { n: numbers.count(fresh), seconds: spanMs / 1000 })}
          </span>
        ) : null}
      </div>
      {requests.length === 0 ? (
        <p className="muted api-none">{t(isOn ? 'api.noRequests' : 'api.noRequestsOff')}</p>
      ) : (
        <table className="api-table api-requests">
          <thead>
            <tr>
              <th scope="col" className="api-time">
                {t('api.time')}
              </th>
              <th scope="col" className="api-method">
                {t('api.asked')}
              </th>
              <th scope="col">
                <span className="hidden-words">{t('api.path')}</span>
              </th>
              <th scope="col" className="api-by">
                {t('api.program')}
              </th>
              <th scope="col" className="api-model-name">
                {t('api.model')}
              </th>
              <th scope="col" className="api-status">
                {t('api.status')}
              </th>
              <th scope="col" className="api-ms">
                ms
              </th>
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <Row
                key={request.seq}
                request={request}
                isOpen={open === request.seq}
                onToggle={() => setOpen(open === request.seq ? null : request.seq)}
              />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

type RowProps = {
  readonly request: ApiRequest;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
};

function Row({ request, isOpen, onToggle }: RowProps) {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const { seq, at, method, path, program, model, status, ms } = request;
  const columns = useHasModelColumn() ? 7 : 6;
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <>
      <tr className="api-request" onClick={onToggle}>
        <td className="muted number api-time">
          {/* A click on the row is the same: it reaches the row from here. */}
          <button type="button" aria-expanded={isOpen} aria-controls={`api-request-${seq}`}>
            <Chevron size={14} stroke={1.5} aria-hidden="true" />
            {timeOf(i18n.language, at)}
          </button>
        </td>
        <td className="muted mono api-method">{method}</td>
        <td className="mono api-path">
          <MiddleCut text={path} tail={tailOf(path)} />
        </td>
        <td className={program === null ? 'muted api-by' : 'api-by'}>{program ?? t('api.noToken')}</td>
        <td className="muted api-model-name">
          <span className="cut" title={model ?? undefined}>
            {model ?? '–'}
          </span>
        </td>
        <td className={status >= 400 ? 'number api-status tone-danger' : 'number api-status'}>{status}</td>
        <td className="number api-ms">{ms < 1 ? t('api.underOne') : numbers.count(ms)}</td>
      </tr>
      {isOpen ? (
        <tr id={`api-request-${seq}`} className="api-request-open">
          <td colSpan={columns}>
            <ApiRequestDetail request={request} />
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** What is asked of a model stands at the end: `/infer`, `:predict`. */
const tailOf = (path: string): number =>
  Math.min(16, Math.max(4, path.length - Math.max(path.lastIndexOf('/'), path.lastIndexOf(':'))));

/** To the millisecond, by 24 hours: it is compared with the log of another program. */
function timeOf(language: string, at: number): string {
  const format =
    formats.get(language) ??
    new Intl.DateTimeFormat(language, {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
      hourCycle: 'h23',
    });
  formats.set(language, format);
  return format.format(at);
}
// Cache: constructing a formatter costs more than a thousand calls.
const formats = new Map<string, Intl.DateTimeFormat>();
