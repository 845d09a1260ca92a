import './places.css';
export { PlacesButton } from './places-button.tsx';
export { PlacesDialog } from './places-dialog.tsx';
export { useShiftText } from './shift-text.ts';
