import './new-run.css';
export { NewRunPane } from './new-run-pane.tsx';
