import './versions.css';
export { TimelineList } from './timeline.tsx';
