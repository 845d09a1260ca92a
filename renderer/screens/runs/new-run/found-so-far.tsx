import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunCheck } from '../../../../contract/runs/run-check.ts';
import { leftOutReasons } from '../../../../contract/runs/run.ts';
import { useFaultText } from '../../../parts/fault-text.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useRunCheck } from '../../../state/new-run.ts';

/** What was found of a run that is not started yet, and what it will take; both grow while it is looked through. */
export function FoundSoFar({ request }: { readonly request: string }) {
  const { t } = useTranslation();
  const check = useRunCheck(request).data ?? null;
  return (
    <>
      <section className="section" aria-label={t('newRun.found')}>
        <div className="row">
          <h2 className="heading">{t(check?.scanned ? 'newRun.found' : 'newRun.foundSoFar')}</h2>
          {check?.scanned ? null : (
            <span className="row end small tone-signal">
              <span className="now-dot" />
              {t('newRun.looking')}
            </span>
          )}
        </div>
        <Found check={check} />
      </section>
      <section className="section" aria-label={t('newRun.takes')}>
        <h2 className="heading">{t('newRun.takes')}</h2>
        <Takes check={check} />
      </section>
    </>
  );
}

function Found({ check }: { readonly check: RunCheck | null }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  const count = (value: number | undefined): string => (value === undefined ? '–' : numbers.count(value));
  const kinds = check?.kinds.map(({ kind, count: n }) => `${kind} ${numbers.count(n)}`).join(', ');
  const left = check
    ? leftOutReasons
        .filter((reason) => check.leftOut[reason] > 0)
        .map((reason) =>
          t(`run.leftOut.${reason}`, {
            count: check.leftOut[reason],
            n: numbers.count(check.leftOut[reason]),
          }),
        )
        .join(', ')
    : '';
  return (
    <dl className="check-lines">
      <Line name={t('newRun.photos')} value={count(check?.found)} note={kinds} />
      <Line name={t('newRun.reused')} value={count(check?.reused)} />
      <Line name={t('newRun.twice')} value={count(check?.twice)} />
      {check && check.unreadable > 0 ? (
        <Line
          name={t('newRun.unreadable')}
          value={count(check.unreadable)}
          tone="tone-danger"
          note={check.reasons
            .map(({ code, count: n, example }) =>
              [t(`run.reason.${code}`, { defaultValue: faultText.short(example) }), numbers.count(n)].join(
                ' ',
              ),
            )
            .join(', ')}
        />
      ) : null}
      {left ? <Line name={t('newRun.leftOut')} value="" note={left} /> : null}
    </dl>
  );
}

function Takes({ check }: { readonly check: RunCheck | null }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { timeMs = null, battery = null, disk = null, timing = null } = check ?? {};
  const range = (from: string, to: string): string =>
    from === to ? t('run.about', { time: to }) : t('run.fromTo', { from, to });
  const isNone = check?.scanned === true && check.found - check.unreadable <= 0;
  return (
    <>
      <dl className="check-lines">
        <Line
          name={t('newRun.time')}
          value={
            isNone || timeMs === null
              ? '–'
              : timeMs.to === 0
                ? t('newRun.atOnce')
                : range(numbers.left(timeMs.from), numbers.left(timeMs.to))
          }
        />
        {battery ? (
          <Line
            name={t('newRun.battery', { percent: numbers.share(battery.charge) })}
            value={range(numbers.share(battery.takes.from), numbers.share(battery.takes.to))}
            tone={battery.takes.to > battery.charge ? 'tone-warn' : undefined}
          />
        ) : null}
        <Line
          name={disk ? t('newRun.disk', { free: numbers.bytes(disk.freeBytes) }) : t('newRun.diskPlain')}
          value={disk ? numbers.bytes(disk.neededBytes) : '–'}
          tone={disk && disk.neededBytes > disk.freeBytes ? 'tone-danger' : undefined}
        />
      </dl>
      <p className="small muted">
        {isNone
          ? t('newRun.nothing')
          : timing
            ? t('newRun.measured', {
                count: timing.sample,
                n: numbers.count(timing.sample),
                rate: numbers.perSecond(timing.rate),
              })
            : timeMs
              ? t('newRun.allKnown')
              : t('newRun.measuring')}
      </p>
    </>
  );
}

type LineProps = {
  readonly name: string;
  readonly value: ReactNode;
  readonly note?: string | undefined;
  readonly tone?: string | undefined;
};

function Line({ name, value, note, tone }: LineProps) {
  return (
    <div className={tone ? `check-line ${tone}` : 'check-line'}>
      <dt>
        {name}
        {note ? <span className="small muted check-note">{note}</span> : null}
      </dt>
      <dd className="number">{value}</dd>
    </div>
  );
}
