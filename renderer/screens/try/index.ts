import './try.css';
export { FileMenu } from './file-menu.tsx';
export { TryView } from './try-view.tsx';
