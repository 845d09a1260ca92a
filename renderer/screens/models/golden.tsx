import { useMutation } from '@tanstack/react-query';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { GoldenResult } from '../../../contract/packs/model.ts';
import { runGolden } from '../../actions/ask-main.ts';
import { Button } from '../../parts/button.tsx';
import { DotChart } from './dot-chart.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { Passed } from './passed.tsx';

/** Does this computer get the numbers that the model's maker got? */
export function Golden({
  model,
  hasSamples,
  result: saved,
}: {
  readonly model: string;
  readonly hasSamples: boolean;
  readonly result: GoldenResult | null;
}) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const run = useMutation({ mutationFn: () => runGolden(model) });
  const result = run.data ?? saved;
  const hasNone = !hasSamples;
  return (
    <section aria-busy={run.isPending}>
      <div className="row model-heading">
        <h3 className="heading">{t('golden.title')}</h3>
        <span className="end">
          {run.isPending ? (
            <span className="state-word tone-signal">{t('golden.running')}</span>
          ) : result && result.total > 0 ? (
            <Passed
              passed={result.passed === result.total}
              text={t('golden.passed', {
                passed: numbers.count(result.passed),
                total: numbers.count(result.total),
              })}
            />
          ) : null}
        </span>
        {hasNone ? null : (
          <Button
            size="small"
            disabled={run.isPending}
            icon={<IconPlayerPlay size={16} stroke={1.5} aria-hidden="true" />}
            onClick={() => run.mutate()}
          >
            {t('golden.run')}
          </Button>
        )}
      </div>
      {result && result.cases.length > 0 ? (
        <Chart result={result} />
      ) : (
        <p className="muted golden-none">{t(hasNone ? 'golden.noSamples' : 'golden.none')}</p>
      )}
    </section>
  );
}

function Chart({ result }: { readonly result: GoldenResult }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  // With different tolerances each distance is drawn relative to its own.
  const limits = new Set(result.cases.map((one) => one.allowed));
  const isShared = limits.size === 1;
  const allowed = isShared ? (result.cases[0]?.allowed ?? 1) : 1;
  const dots = result.cases.map((one) => ({
    name: one.name,
    passed: one.passed,
    distance: isShared || one.distance === 0 ? one.distance : one.distance / one.allowed,
  }));
  const farthest = dots.reduce((one, other) => (other.distance > one.distance ? other : one));
  const largest = t('golden.largest', {
    distance: numbers.number(farthest.distance, 2),
    name: farthest.name,
  });
  return (
    <>
      <DotChart
        dots={dots}
        allowed={allowed}
        allowedLabel={t('golden.allowed')}
        label={`${t('golden.title')}. ${largest}`}
      />
      <p className="small muted">
        {t(isShared ? 'golden.hint' : 'golden.hintShare')} {largest}
      </p>
      <p className="small muted">
        {t('golden.where', {
          variant: result.variant,
          provider: t(`provider.${result.provider}`),
          at: numbers.day(result.at),
        })}
      </p>
    </>
  );
}
