import './models.css';
export { ModelsHead } from './models-head.tsx';
export { ModelsView } from './models-view.tsx';
