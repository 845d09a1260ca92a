import './run.css';
export { RunView } from './run-view.tsx';
