import './run.css';
export { ExportDialog } from './export/index.ts';
export { PhaseRows } from './phase-rows.tsx';
export { PlacesDialog } from './places/index.ts';
export { RunActs } from './run-acts.tsx';
export { RunView } from './run-view.tsx';
export { useLeftText } from './use-left-text.ts';
