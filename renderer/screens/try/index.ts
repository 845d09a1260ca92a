export { TryView } from './try-view.tsx';
