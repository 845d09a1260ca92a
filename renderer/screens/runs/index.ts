import './runs.css';
export { RunsHead } from './runs-head.tsx';
export { RunsView } from './runs-view.tsx';
