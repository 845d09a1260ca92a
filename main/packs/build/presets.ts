import type { LetterboxStep } from '../../../contract/packs/detection-steps.ts';
import type { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';

/** Preprocessing that the users of an exporter commonly use. */
export type Preset = {
  readonly name: string;
  readonly title: string;
  /** Steps for photos; null for a model that takes prepared tensors. */
  readonly photo: PhotoPreset | null;
  /** Pre- and postprocessing that is up to the caller. */
  readonly caller?: Readonly<Record<string, string | number>>;
};
export type PhotoPreset = {
  /** Centre crop as a share of the shorter side; null resizes the whole photo, ignoring its aspect ratio. */
  readonly crop: number | null;
  readonly kernel: Extract<PreprocessingStep, { op: 'resize' }>['kernel'];
  /** For values of 0 to 255, in RGB order. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  readonly channels: 'RGB' | 'BGR';
  /** Width and height where the model leaves them free. */
  readonly size: number;
  /** Keeps the aspect ratio and pads the rest of the input in this way. */
  readonly letterbox?: Pick<LetterboxStep, 'colour' | 'at'>;
};

const times255 = (values: readonly [number, number, number]): [number, number, number] => [
  round(values[0] * 255),
  round(values[1] * 255),
  round(values[2] * 255),
];
const round = (value: number): number => Math.round(value * 1e6) / 1e6;
const imageNet = {
  mean: times255([0.485, 0.456, 0.406]),
  std: times255([0.229, 0.224, 0.225]),
  channels: 'RGB',
  size: 224,
} as const;
const keras = { crop: null, kernel: 'linear', channels: 'RGB', size: 224 } as const;

export const presets: readonly Preset[] = [
  {
    name: 'torchvision',
    title: 'torchvision, first weights: shorter side to 256, middle 224, ImageNet mean and deviation',
    photo: { ...imageNet, crop: 0.875, kernel: 'linear' },
  },
  {
    name: 'torchvision-v2',
    title: 'torchvision, V2 weights: shorter side to 232, middle 224, ImageNet mean and deviation',
    photo: { ...imageNet, crop: round(224 / 232), kernel: 'linear' },
  },
  {
    name: 'timm',
    title: 'timm, its defaults: middle 0.875, cubic, ImageNet mean and deviation',
    photo: { ...imageNet, crop: 0.875, kernel: 'cubic' },
  },
  {
    name: 'timm-half',
    title: 'timm, models with mean and deviation 0.5 (many transformers): middle 0.9, cubic, -1 to 1',
    photo: {
      crop: 0.9,
      kernel: 'cubic',
      mean: [127.5, 127.5, 127.5],
      std: [127.5, 127.5, 127.5],
      channels: 'RGB',
      size: 224,
    },
  },
  {
    name: 'efficientnet-lite',
    title: 'EfficientNet-Lite: middle 0.875, cubic, (value - 127) / 128',
    photo: {
      crop: 0.875,
      kernel: 'cubic',
      mean: [127, 127, 127],
      std: [128, 128, 128],
      channels: 'RGB',
      size: 224,
    },
  },
  {
    name: 'keras-mobilenet',
    title: 'Keras MobileNet, Inception, Xception, ResNetV2: whole photo, -1 to 1',
    photo: { ...keras, mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] },
  },
  {
    name: 'keras-efficientnet',
    title: 'Keras EfficientNet, MobileNetV3, ConvNeXt, and models that scale by themselves: 0 to 255',
    photo: { ...keras, mean: [0, 0, 0], std: [1, 1, 1] },
  },
  {
    name: 'keras-resnet',
    title: 'Keras ResNet and VGG: whole photo, blue first, mean taken away',
    photo: { ...keras, mean: [123.68, 116.779, 103.939], std: [1, 1, 1], channels: 'BGR' },
  },
  {
    name: 'unit',
    title: 'Whole photo, 0 to 1',
    photo: { ...keras, mean: [0, 0, 0], std: [255, 255, 255] },
  },
  {
    name: 'mnist',
    title: 'Whole photo, less 0.1307 and divided by 0.3081, as PyTorch prepares MNIST',
    photo: {
      ...keras,
      mean: [33.3285, 33.3285, 33.3285],
      std: [78.5655, 78.5655, 78.5655],
      size: 28,
    },
  },
  {
    name: 'yolo-classify',
    title: 'Ultralytics classification: middle square, 0 to 1',
    photo: { crop: 1, kernel: 'linear', mean: [0, 0, 0], std: [255, 255, 255], channels: 'RGB', size: 224 },
  },
  {
    name: 'yolo',
    title: 'YOLO-family detection: whole photo letterboxed on grey, 0 to 1',
    photo: {
      ...keras,
      size: 640,
      mean: [0, 0, 0],
      std: [255, 255, 255],
      letterbox: { colour: [114, 114, 114], at: 'centre' },
    },
    caller: {
      resize: 'fit into the input, keep the aspect ratio, fill with grey 114',
      scale: '0 to 1',
      channels: 'RGB',
      order: 'NCHW',
      boxes: 'centre x, centre y, width, height, then one score for each label',
      scoreThreshold: 0.25,
      iouThreshold: 0.45,
      suppression: 'NMS for each label',
    },
  },
  {
    name: 'yolox',
    title: 'YOLOX: whole photo letterboxed in the corner on grey, blue first, 0 to 255',
    photo: {
      ...keras,
      size: 640,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      channels: 'BGR',
      letterbox: { colour: [114, 114, 114], at: 'corner' },
    },
  },
  {
    name: 'nanodet',
    title: 'NanoDet: whole photo letterboxed on black, blue first, ImageNet mean and deviation',
    photo: {
      crop: null,
      kernel: 'cubic',
      mean: times255([0.485, 0.456, 0.406]),
      std: times255([0.229, 0.224, 0.225]),
      channels: 'BGR',
      size: 416,
      letterbox: { colour: [0, 0, 0], at: 'centre' },
    },
  },
  {
    name: 'detr',
    title: 'DETR: whole photo squeezed, ImageNet mean and deviation',
    photo: { ...imageNet, crop: null, kernel: 'linear', size: 800 },
  },
  {
    name: 'skl2onnx',
    title: 'scikit-learn by skl2onnx: a table of numbers, one row an item',
    photo: null,
    caller: { rows: 'one item a row, columns in the order of training', scale: 'as the pipeline learned it' },
  },
  { name: 'raw', title: 'Raw tensors: the caller knows', photo: null },
];

export const presetNames: readonly string[] = presets.map(({ name }) => name);
export const findPreset = (name: string): Preset | undefined =>
  presets.find((preset) => preset.name === name);
