export { outlineRun } from './outline.ts';
export { leaveCamera, placeOf, uncertaintyM } from './places.ts';
export type { Deployment, Site, Outline } from './outline.ts';
export type { CameraEvent } from './events.ts';
