export { TimelineList } from './timeline.tsx';
