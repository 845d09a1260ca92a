import './settings.css';
export { SettingsHead } from './settings-head.tsx';
export { SettingsView } from './settings-view.tsx';
