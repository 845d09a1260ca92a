import './make.css';
export { MakeView } from './make-view.tsx';
