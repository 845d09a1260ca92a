export { createComparison } from './comparison.ts';
