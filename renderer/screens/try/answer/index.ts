export { Answered } from './answered.tsx';
