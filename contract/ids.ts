import { z } from 'zod';

/** Lower-case hexadecimal SHA-256 with its prefix, such as `sha256:71b0…`. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/u);
export type Digest = `sha256:${string}`;

/** A pack's name: kebab-case, as in `efficientnet-lite0`. */
export const PackId = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)
  .max(80);

/** Semantic version 2.0.0 without a leading `v`. */
export const Version = z
  .string()
  .regex(
    /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?(?:\+[0-9A-Za-z.-]+)?$/u,
  )
  .max(64);

/** Represents a file in other processes; only main knows its path. */
export const FileRef = z.string().regex(/^f[0-9a-z]{1,32}$/u);
export const SelectionId = z.string().regex(/^s[0-9a-z]{1,32}$/u);
export const RunId = z.string().regex(/^r[0-9a-z]{1,32}$/u);

export const providers = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
/** An ONNX Runtime execution provider that Outpost knows how to prove. */
export const Provider = z.enum(providers);
export type Provider = z.infer<typeof Provider>;
export const ProviderChoice = z.enum(['auto', ...providers]);
export type ProviderChoice = z.infer<typeof ProviderChoice>;

/** `fast`: a JPEG much larger than the model's input is decoded at a half, a quarter or an eighth of its size. */
export const DecodeWay = z.enum(['exact', 'fast']);
export type DecodeWay = z.infer<typeof DecodeWay>;

export const VariantName = z.enum(['fp32', 'fp16', 'int8']);
export type VariantName = z.infer<typeof VariantName>;
export const VariantChoice = z.enum(['auto', 'fp32', 'fp16', 'int8']);
export type VariantChoice = z.infer<typeof VariantChoice>;

/** `<id>`, `<id>@<version>` or `<id>@<label>`. */
export const ModelRef = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*(?:@[0-9A-Za-z.+-]+)?$/u)
  .max(160);
