import './pane-edge.css';
import './thorough.css';
export { PaneEdge } from './pane-edge.tsx';
export { Thorough, ThoroughSection } from './thorough.tsx';
