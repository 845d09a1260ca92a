export { isText, mostTexts } from './elements.ts';
export { JsonFault } from './json-fault.ts';
export {
  documentMembers,
  eachItem,
  eachMember,
  isNull,
  membersAt,
  parse,
  skip,
  stringAt,
  valueEnd,
} from './json-text.ts';
export type { Member, Range } from './json-text.ts';
export { NumberReader } from './number-reader.ts';
export { TextReader, isB64 } from './text-reader.ts';

export { describedTensors, imageInput, pictureTask } from './picture-input.ts';
export { tensorBytes } from './tensor-bytes.ts';
export { tensorPieces } from './write-pieces.ts';
export type { TensorPieces } from './write-pieces.ts';
