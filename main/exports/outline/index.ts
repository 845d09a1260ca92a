export { outlineRun } from './outline.ts';
export { leaveCamera, placeOf, uncertaintyM } from './places.ts';
export { walkOutline } from './slices.ts';
export type { OutlinedRun } from './slices.ts';
export { createFolders } from './folders.ts';
export type { Outline } from './outline.ts';
export type { Deployment, Site } from './deployments.ts';
export type { CameraEvent } from './events.ts';
