import { z } from 'zod';
import { settingDefaults } from './default-settings.ts';
import { Channel } from './lifecycle/feed.ts';
import { DecodeWay, ModelRef, ProviderChoice, VariantChoice } from './ids.ts';

export const themes = ['system', 'light', 'dark', 'contrast'] as const;
export const languages = ['en', 'de'] as const;

/** The user's settings. */
export const Settings = z.strictObject({
  theme: z.enum(themes),
  language: z.enum(languages),
  /** Number of worker processes; `auto` is chosen by measurement on this machine. */
  workers: z.union([z.literal('auto'), z.number().int().min(1).max(64)]),
  /** Intra-op threads per worker. */
  threads: z.union([z.literal('auto'), z.number().int().min(1).max(256)]),
  provider: ProviderChoice,
  variant: VariantChoice,
  /** `fast` decodes large JPEGs at a reduced size: faster, with slightly different scores. */
  decode: DecodeWay,
  /** Size in bytes above which the least recently used answers are evicted. */
  cacheCapBytes: z
    .number()
    .int()
    .min(16 * 1024 ** 2)
    .max(1024 ** 4),
  /** Longest time for one request, in seconds. */
  requestTimeoutS: z.number().int().min(1).max(86_400),
  /** Model that answers in Try; null: the first pack with a suitable task. */
  model: ModelRef.nullable(),
  /** Source of new model versions: an http(s) URL or a folder; null for none. */
  feed: z.string().min(1).max(2048).nullable(),
  feedChannel: Channel,
  /**
   * `ask`: check for updates, download on request. `automatic`: download and try too; a person still decides. `never`:
   * only manually.
   */
  updateMode: z.enum(['automatic', 'ask', 'never']),
  /** `unmetered` excludes connections that the system reports as metered. */
  updateNetworks: z.enum(['any', 'unmetered']),
  /** Download limit in KiB per second; null for none. */
  bandwidthCapKiBps: z.number().int().min(1).max(10_000_000).nullable(),
  /** Whether unsigned packs may be installed. */
  allowUnsigned: z.boolean(),
  /** Number of items in a shadow run. */
  trialItems: z.number().int().min(0).max(100_000),
  /** Share of interactive requests that a new version answers after a switch, until it has answered `canaryItems`. */
  canaryShare: z.number().min(0.01).max(1),
  canaryItems: z.number().int().min(0).max(100_000),
  /** Installed versions per model to keep; older ones are removed, but never the active, previous or pinned one. */
  keepVersions: z.number().int().min(2).max(100),
  /** Days after which a finished run is deleted with its items; null: never. */
  keepRunsDays: z.number().int().min(1).max(36_500).nullable(),
  /** Whether interrupted runs continue automatically when the window opens. */
  resumeRuns: z.boolean(),
  /** Whether the computer is kept from sleeping while the window works on a run. */
  keepAwake: z.boolean(),
  /** Battery level in percent below which runs work at half their speed until the computer is charged; null: never. */
  slowBelowPercent: z.number().int().min(1).max(90).nullable(),
  /** The same below which they pause. */
  pauseBelowPercent: z.number().int().min(1).max(90).nullable(),
  /** Whether runs work at half their speed while the computer is hot. */
  slowWhenHot: z.boolean(),
  /** Folder below which each camera card gets its copy; null: `Outpost` among the pictures of this person. */
  cardFolder: z.string().min(1).max(4096).nullable(),
  /** Whether the window serves other programs on this computer. */
  apiOn: z.boolean(),
  /** Address of the API: a loopback address with a port. */
  apiBind: z
    .string()
    .regex(/^(?:127\.0\.0\.1|localhost|\[::1\]):(?:[1-9]\d{0,4})$/u)
    .refine((bind) => Number(bind.slice(bind.lastIndexOf(':') + 1)) < 65_536),
});
export type Settings = z.infer<typeof Settings>;
export const SettingsPatch = Settings.partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** The settings of an empty store. */
export const defaultSettings: Settings = settingDefaults;
