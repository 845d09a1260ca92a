import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { copyText } from '../../actions/ask-main.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { viewOf } from '../../tasks/index.ts';
import { thresholdOf } from '../../tasks/threshold.ts';

/** Copies the file's name and the labels above the threshold, at least the first; a tab stands between label and score. */
export function useCopyLabels(): (record: PredictionRecord) => void {
  const numbers = useNumbers();
  return (record) => {
    const above = viewOf(record.result)
      .listed(record.result)
      .entries.filter((one, index) => index === 0 || one.score >= thresholdOf(record.result));
    const lines = above.map((one) => `${one.label}\t${numbers.percent(one.score)}`);
    void copyText([record.input, ...lines].join('\n'));
  };
}
