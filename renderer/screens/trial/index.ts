import './trial.css';
export { TrialView } from './trial-view.tsx';
