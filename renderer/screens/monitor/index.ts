import './monitor.css';
export { MonitorHead } from './monitor-head.tsx';
export { MonitorView } from './monitor-view.tsx';
