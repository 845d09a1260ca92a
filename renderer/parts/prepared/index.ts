import './prepared.css';
export { ChannelValues } from './channel-values.tsx';
export { SeenFigure, SourceFigure } from './figures.tsx';
