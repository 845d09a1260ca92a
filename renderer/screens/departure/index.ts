export { DepartureView } from './departure-view.tsx';
