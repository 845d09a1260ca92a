import './answer.css';
export type { Setting } from './camera.tsx';
export { Answered } from './answered.tsx';
export { useCopyLabels } from './use-copy-labels.ts';
