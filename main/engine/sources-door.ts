export { sourceOf } from './lifecycle/source.ts';
