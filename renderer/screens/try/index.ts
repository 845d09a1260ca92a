import './try.css';
import './pane-edge.css';
export { TryView } from './try-view.tsx';
