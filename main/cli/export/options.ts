import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { CellSeparator, ExportFormat, ExportProfile } from '../../../contract/runs/export.ts';
import { ExportChoice, LocationRule } from '../../../contract/runs/export.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { readFault } from '../../../contract/faults/disk-faults.ts';
import { ClockMoment } from '../../../contract/pictures/camera.ts';
import type { AsJson } from '../command.ts';
import type { ShownOptions } from './shown.ts';

export type ExportOptions = AsJson &
  ShownOptions & {
    readonly format: ExportFormat;
    readonly out?: string;
    readonly threshold?: number;
    readonly separator?: CellSeparator;
    readonly preview?: number;
    readonly label?: readonly string[];
    readonly minScore?: number;
    readonly reviewed?: 'yes' | 'no';
    readonly duplicates?: 'keep' | 'leave-out';
    readonly places?: readonly LocationRule[];
    readonly eventGap?: number;
    readonly utcOffset?: string;
    readonly exif?: 'keep' | 'strip';
    readonly blur?: readonly string[];
    readonly package?: string;
    readonly profile?: string;
    readonly saveProfile?: string;
  };

/** `round:1`, `hide` or `delay:365`, each with `=LABEL` behind it where it holds for that label alone. */
export function gatherRules(text: string, before: readonly LocationRule[] = []): readonly LocationRule[] {
  const [, kind, count, label] = /^(round|hide|delay)(?::(\d{1,5}))?(?:=(.+))?$/u.exec(text) ?? [];
  const number =
    kind === 'round' ? { places: Number(count) } : kind === 'delay' ? { days: Number(count) } : {};
  const rule = LocationRule.safeParse({ kind, ...number, ...(label !== undefined && { label }) });
  if (!rule.success || (kind === 'hide' && count !== undefined))
    throw new InvalidArgumentError(
      'It takes round:DECIMALS, hide or delay:DAYS, as in round:1 or hide=wolf.',
    );
  return [...before, rule.data];
}

export function utcOffset(text: string): string {
  if (!ExportChoice.shape.utcOffset.safeParse(text).success)
    throw new InvalidArgumentError('It takes an offset from UTC, as in +02:00.');
  return text;
}

export function clockMoment(text: string): string {
  const written = text.trim().replace(' ', 'T');
  if (!ClockMoment.safeParse(written).success)
    throw new InvalidArgumentError('It takes a day or a time, as in 2026-05-01 or 2026-05-01T20:43.');
  return written;
}

/** What the options ask for, over those of the profile that they name. Faults: `export-profile-unknown`, those of the file. */
export async function choiceOf(
  store: { exportProfiles(): Promise<readonly ExportProfile[]> },
  options: ExportOptions,
): Promise<Outcome<ExportChoice>> {
  const profiles = options.profile === undefined ? [] : await store.exportProfiles();
  const profile = profiles.find(({ name }) => name === options.profile);
  if (options.profile !== undefined && !profile)
    return failed('export-profile-unknown', {
      name: options.profile,
      names: profiles.map(({ name }) => name).join(', ') || '–',
    });
  const described = options.package === undefined ? ok(undefined) : await readPackage(options.package);
  if (!described.ok) return described;
  const { threshold, separator, label, minScore, reviewed, duplicates, places, eventGap, exif, blur } =
    options;
  const wanted = {
    threshold,
    separator,
    labels: label,
    minScore,
    reviewed,
    duplicates,
    locations: places,
    eventGapS: eventGap,
    utcOffset: options.utcOffset,
    exif,
    blur,
    package: described.value,
  };
  const asked = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return ok(ExportChoice.parse({ ...profile?.choice, ...asked }));
}

async function readPackage(file: string): Promise<Outcome<ExportChoice['package']>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { ok: false, fault: readFault(error, file) };
  }
  try {
    const parsed = ExportChoice.shape.package.safeParse(JSON.parse(text));
    if (parsed.success) return ok(parsed.data);
  } catch {
    // Said below.
  }
  return failed('export-package-invalid', { file });
}
