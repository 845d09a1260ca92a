import { z } from 'zod';
import { settingDefaults } from './default-settings.ts';
import { Channel } from './feed.ts';
import { DecodeWay, ModelRef, ProviderChoice, VariantChoice } from './ids.ts';

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
  /** `fast` opens large JPEGs at a smaller size: sooner, and scores move a little. */
  decode: DecodeWay,
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
  /** Where new model versions come from: an http(s) address or a folder; null means nowhere. */
  feed: z.string().min(1).max(2048).nullable(),
  feedChannel: Channel,
  /** `ask`: look for updates, fetch when told. `automatic`: fetch and try too; a person still decides. `never`: only by hand. */
  updateMode: z.enum(['automatic', 'ask', 'never']),
  /** `unmetered` leaves out connections that the system calls metered. */
  updateNetworks: z.enum(['any', 'unmetered']),
  /** Most that a download takes, in KiB a second; null is no limit. */
  bandwidthCapKiBps: z.number().int().min(1).max(10_000_000).nullable(),
  /** Packs that nobody signed may be installed. */
  allowUnsigned: z.boolean(),
  /** Items of a shadow run. */
  trialItems: z.number().int().min(0).max(100_000),
  /** Share of interactive answers that a version gets when it is switched to, until it has given `canaryItems`. */
  canaryShare: z.number().min(0.01).max(1),
  canaryItems: z.number().int().min(0).max(100_000),
  /** Installed versions of a model beyond these, oldest first, are swept; active, previous and pinned ones stay. */
  keepVersions: z.number().int().min(2).max(100),
  /** Days after which a run that ended is removed with its list; null keeps it until it is removed by hand. */
  keepRunsDays: z.number().int().min(1).max(36_500).nullable(),
  /** Runs that were interrupted go on by themselves when the window opens. */
  resumeRuns: z.boolean(),
  /** Whether the window answers other programs on this computer. */
  apiOn: z.boolean(),
  /** Where it does: a loopback address with its port. */
  apiBind: z
    .string()
    .regex(/^(?:127\.0\.0\.1|localhost|\[::1\]):(?:[1-9]\d{0,4})$/u)
    .refine((bind) => Number(bind.slice(bind.lastIndexOf(':') + 1)) < 65_536),
});
export type Settings = z.infer<typeof Settings>;
export const SettingsPatch = Settings.partial();
export type SettingsPatch = z.infer<typeof SettingsPatch>;

/** An empty store means exactly these. */
export const defaultSettings: Settings = settingDefaults;
