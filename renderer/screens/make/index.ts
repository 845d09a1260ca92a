export { MakeView } from './make-view.tsx';
