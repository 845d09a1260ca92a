export { TrialView } from './trial-view.tsx';
