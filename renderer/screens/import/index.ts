import './import.css';
export { AddModelMenu } from './add-model-menu.tsx';
export { ImportDialog } from './import-dialog.tsx';
export { WithheldList } from './withheld-list.tsx';
