import './answer.css';
export type { Setting } from './camera.tsx';
export { Answered } from './answered.tsx';
