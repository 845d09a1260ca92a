export { ExportDialog } from './export-dialog.tsx';
export { ExportButton } from './export-button.tsx';
