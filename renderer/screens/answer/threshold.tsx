import { Slider } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import type { Result } from '../../../contract/tasks/index.ts';
import { viewOf } from '../../tasks/index.ts';
import { useThreshold } from '../../tasks/threshold.ts';

/** Bars of the histogram over scores from 0 to 1. */
const bars = 50;
const minor = Array.from({ length: 21 }, (_, index) => index * 5);

/** The slider of the threshold, on the same scale as the score bars above it. */
export function Threshold({ result }: { readonly result: Result | null }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [value, setValue] = useThreshold(result);
  if (result && viewOf(result).Wordless) return null;
  return (
    <section className="section threshold">
      <div className="row">
        <span>{t('threshold.title')}</span>
        <strong className="end">
          <Percent value={value} digits={0} />
        </strong>
      </div>
      {result && viewOf(result).listed(result).labelCount === null ? (
        <Histogram
          scores={viewOf(result)
            .listed(result)
            .entries.map(({ score }) => score)}
          above={value}
        />
      ) : null}
      <div className="ruler">
        {minor.map((at) => (
          <span key={at} className={at % 25 === 0 ? 'tick long' : 'tick'} style={{ left: `${at}%` }} />
        ))}
        <Slider
          min={0}
          max={100}
          step={1}
          value={Math.round(value * 100)}
          onChange={(next) => setValue(next / 100)}
          thumbLabel={t('threshold.title')}
          thumbProps={{ 'aria-valuetext': numbers.percent(value) }}
        />
      </div>
      <div className="ruler-words small muted" aria-hidden="true">
        <span>0</span>
        <span style={{ left: '25%' }}>25</span>
        <span style={{ left: '50%' }}>50</span>
        <span style={{ left: '75%' }}>75</span>
        <span>
          <Percent value={1} digits={0} />
        </span>
      </div>
      <p className="small muted">{t('threshold.hint')}</p>
    </section>
  );
}

/** Histogram of the scores over the slider; square roots as heights keep a count of one visible beside hundreds. */
function Histogram({ scores, above }: { readonly scores: readonly number[]; readonly above: number }) {
  const counts = Array.from({ length: bars }, () => 0);
  for (const score of scores) {
    const at = Math.min(bars - 1, Math.max(0, Math.floor(score * bars)));
    counts[at] = (counts[at] ?? 0) + 1;
  }
  const most = Math.max(1, ...counts);
  const height = (count: number): string => (count === 0 ? '0' : `${8 + 92 * Math.sqrt(count / most)}%`);
  return (
    <div className="histogram" aria-hidden="true">
      {counts.map((count, at) => (
        <span
          key={at}
          className={(at + 1) / bars > above ? 'score-bar passing' : 'score-bar'}
          style={{ height: height(count) }}
        />
      ))}
    </div>
  );
}
