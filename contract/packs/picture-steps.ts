import { z } from 'zod';
import { LetterboxStep } from './detection-steps.ts';

/** Dimension orders of picture inputs: N pictures, C channels, H rows and W columns of pixels. */
export const inputOrders = ['NCHW', 'NHWC', 'CHW', 'HWC', 'NHW', 'HW'] as const;
/** One value for all channels, or one per channel in RGB order. */
const ChannelValues = z.union([z.tuple([z.number(), z.number(), z.number()]), z.tuple([z.number()])]);

/** Steps that turn a picture into the input tensor, applied in this order; shared by all tasks with picture input. */
export const PreprocessingStep = z.discriminatedUnion('op', [
  /** First frame; EXIF orientation applied; embedded profile and CMYK to sRGB; 16 bits / 257; grey to R = G = B; alpha over `background`. */
  z.strictObject({ op: z.literal('decode'), background: z.tuple([z.number(), z.number(), z.number()]) }),
  /** side = floor(fraction × min(w, h)); left = floor((w - side + 1) / 2), top likewise. */
  z.strictObject({ op: z.literal('crop-centre'), fraction: z.number().gt(0).max(1) }),
  /** Antialiased; cubic is Catmull-Rom (a = -0.5). Result is rounded to 8 bits. */
  z.strictObject({
    op: z.literal('resize'),
    width: z.number().int().min(1).max(4096),
    height: z.number().int().min(1).max(4096),
    kernel: z.enum(['cubic', 'linear', 'lanczos3', 'nearest']),
  }),
  LetterboxStep,
  /** x = (value - mean) / std for each channel, value in 0..255; for an input of integers x is rounded and kept within its type. */
  z.strictObject({ op: z.literal('normalize'), mean: ChannelValues, std: ChannelValues }),
  /** `luma`: one channel, Y = 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), rounded, of the 8-bit pixels before they are normalised. */
  z.strictObject({
    op: z.literal('layout'),
    input: z.string(),
    order: z.enum(inputOrders),
    channels: z.enum(['RGB', 'BGR', 'luma']),
  }),
]);
export type PreprocessingStep = z.infer<typeof PreprocessingStep>;

/** Summary of the steps that affect the numbers: `crop 0.875, cubic to 224 × 224`. */
export function pictureSettings(steps: readonly PreprocessingStep[], isFast: boolean): string {
  const parts = steps.flatMap((step) => {
    if (step.op === 'crop-centre') return [`crop ${step.fraction}`];
    if (step.op === 'resize' || step.op === 'letterbox')
      return [`${step.kernel} to ${step.width} × ${step.height}`];
    return [];
  });
  if (isFast && parts.length > 0) parts.push('fast decode');
  return parts.join(', ');
}
