import './prepared.css';
export { ChannelValues } from './channel-values.tsx';
export { Pixels } from './pixels.tsx';
