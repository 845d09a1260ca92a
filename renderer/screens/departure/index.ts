import './departure.css';
export { DepartureView } from './departure-view.tsx';
