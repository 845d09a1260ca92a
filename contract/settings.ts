import { z } from 'zod';
import { ModelRef, ProviderChoice, VariantChoice } from './ids.ts';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export const languages = ['en', 'de'] as const;

/** What a person may choose. */
export const Settings = z.strictObject({
  theme: z.enum(themes),
  language: z.enum(languages),
  /** Worker processes; `auto` measures on this machine. */
  workers: z.union([z.literal('auto'), z.number().int().min(1).max(64)]),
  /** Intra-op threads per worker. */
  threads: z.union([z.literal('auto'), z.number().int().min(1).max(256)]),
  provider: ProviderChoice,
  variant: VariantChoice,
  /** Size of the result store above which the least recently used answers go, in bytes. */
  cacheCapBytes: z
    .number()
    .int()
    .min(16 * 1024 ** 2)
    .max(1024 ** 4),
  /** Longest time for one request, in seconds. */
  requestTimeoutS: z.number().int().min(1).max(86_400),
  /** Model that answers in Try; null means the first pack whose task fits. */
  model: ModelRef.nullable(),
});
export type Settings = z.infer<typeof Settings>;
export const SettingsPatch = Settings.partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** An empty store means exactly these. */
export const defaultSettings: Settings = {
  theme: 'system',
  language: 'en',
  workers: 'auto',
  threads: 'auto',
  provider: 'auto',
  variant: 'auto',
  cacheCapBytes: 2 * 1024 ** 3,
  requestTimeoutS: 300,
  model: null,
};
