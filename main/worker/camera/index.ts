export { readCamera } from './read-camera.ts';
