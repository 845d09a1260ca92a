import './frame.css';
export { Frame } from './frame.tsx';
