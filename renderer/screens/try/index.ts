import './try.css';
import './pane-edge.css';
export { FileMenu } from './file-menu.tsx';
export { PaneEdge } from './pane-edge.tsx';
export { TryView } from './try-view.tsx';
