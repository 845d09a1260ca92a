import './answer.css';
export { Answered } from './answered.tsx';
