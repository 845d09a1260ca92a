import { z } from 'zod';

const text = z.string().min(1).max(120);

/**
 * What a photo says of the camera that took it (EXIF, and the maker notes that are known). A field that is absent is not in
 * the file. Sources: CIPA DC-008 (EXIF 2.32); makers in docs/cameras.md.
 */
export const Camera = z.strictObject({
  /** By the camera's own clock, which knows no zone: `2021-04-11T20:43:09`. */
  takenAt: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/u)
    .optional(),
  /** Of that clock from UTC, where the camera says it: `+02:00`. */
  offset: z
    .string()
    .regex(/^[+-]\d\d:\d\d$/u)
    .optional(),
  make: text.optional(),
  model: text.optional(),
  serial: text.optional(),
  /** As EXIF has it: 1 is upright. */
  orientation: z.number().int().min(1).max(8).optional(),
  /** Degrees, WGS 84. */
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  /** Metres above sea level. */
  altitudeM: z.number().optional(),
  /** Of the air at the camera. */
  temperatureC: z.number().optional(),
});
export type Camera = z.infer<typeof Camera>;

const dayMs = 86_400_000;

/** A clock's time as milliseconds, as if it went by UTC: for sums and orders of times of one clock. */
export const clockMs = (time: string): number => Date.parse(`${time}Z`);
export const clockTime = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

/**
 * A day, a minute or a second by a clock: `2021-04-11`, `2021-04-11T20:43` or `2021-04-11T20:43:09`. As the end of a period it is
 * part of it.
 */
export const ClockMoment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?$/u)
  .refine((written) => !Number.isNaN(Date.parse(wholeMoment(written))));

const wholeMoment = (written: string): string => `${written}${'T00:00:00'.slice(written.length - 10)}Z`;
const unitMs: Readonly<Record<number, number>> = { 10: dayMs, 16: 60_000, 19: 1000 };

/** Bounds of such a moment as `clockMs` counts; `toMs` is the first millisecond behind it. */
export function clockSpan(written: z.infer<typeof ClockMoment>): {
  readonly fromMs: number;
  readonly toMs: number;
} {
  const fromMs = Date.parse(wholeMoment(written));
  return { fromMs, toMs: fromMs + (unitMs[written.length] ?? 1000) };
}

/** A clock's time moved by so many seconds. */
export const shiftClock = (time: string, seconds: number): string =>
  seconds === 0 ? time : clockTime(clockMs(time) + seconds * 1000);

/** Seconds of `+1h20m`, `-3d` or `+90s`; null for anything else. */
export function parseShift(written: string): number | null {
  const match = /^([+-])(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/u.exec(written.trim());
  if (!match || written.trim().length < 2) return null;
  const [, sign, ...counts] = match;
  const units = [dayMs / 1000, 3600, 60, 1];
  const seconds = counts.reduce((sum, count, at) => sum + Number(count ?? 0) * (units[at] ?? 0), 0);
  return sign === '-' ? -seconds : seconds;
}

/** As `parseShift` reads it. */
export function shiftText(seconds: number): string {
  const parts: readonly (readonly [string, number])[] = [
    ['d', Math.floor(Math.abs(seconds) / 86_400)],
    ['h', Math.floor(Math.abs(seconds) / 3600) % 24],
    ['m', Math.floor(Math.abs(seconds) / 60) % 60],
    ['s', Math.abs(seconds) % 60],
  ];
  const texts = parts.filter(([, count]) => count > 0).map(([unit, count]) => `${count}${unit}`);
  return `${seconds < 0 ? '-' : '+'}${texts.length > 0 ? texts.join('') : '0s'}`;
}
