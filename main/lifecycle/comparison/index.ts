export { createComparison } from './comparison.ts';
export type { ComparisonParts } from './comparison.ts';
