import './boxes.css';
export { BoxLayer } from './box-layer.tsx';
export { BoxMarks } from './box-marks.tsx';
export type { MarkedBox } from './box-marks.tsx';
export { PhotoCrop } from './photo-crop.tsx';
export { useFullPhoto } from './use-full-photo.ts';
