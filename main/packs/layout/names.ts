import { Version } from '../../../contract/ids.ts';

/** Protocols that know whole numbers only count a major version in millions: beyond this it would not stay exact. */
export const greatestNumber = Math.floor(Number.MAX_SAFE_INTEGER / 1_000_000) - 1;

/** A model's name as Outpost writes it: `ResNet50_v2.onnx` is `resnet50-v2-onnx`. */
export const idOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/gu, '-')
    .slice(0, 80)
    .replace(/^-+|-+$/gu, '') || 'model';

export const isNumberFit = (number: number): boolean =>
  number <= greatestNumber && Version.safeParse(`${number}.0.0`).success;
