import type { CacheStats } from '../../contract/serving/status.ts';

/** Assumed size of a stored result, with its share of the indexes, before enough were stored here. */
const usualBytes = 4_096;
/** Fewer give no useful average. */
const fewResults = 100;

/** What a stored result takes on average, in bytes. */
export const bytesPerResult = ({ answers, sizeBytes }: Pick<CacheStats, 'answers' | 'sizeBytes'>): number =>
  answers > fewResults ? sizeBytes / answers : usualBytes;
