import { z } from 'zod';

/** What a person said of a folder of a run, and of those below it that say nothing else; `folder` is empty for the whole run. */
export type RunFolder = {
  readonly folder: string;
  readonly site: string | null;
  /** Degrees, WGS 84; both or none. */
  readonly latitude: number | null;
  readonly longitude: number | null;
  /** Seconds that are added to what its cameras' clocks say. */
  readonly shiftS: number | null;
};
/** What is undefined of it stays as it was; null takes it away. */
export type RunFolderChange = Pick<RunFolder, 'folder'> & {
  readonly [K in keyof Omit<RunFolder, 'folder'>]?: RunFolder[K] | undefined;
};

/** What a person said that holds for a folder: of each thing, what was said of the folder or of the nearest one above it. */
export type FolderFacts = {
  readonly site: string | null;
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly shiftS: number;
};

export function createFolderFacts(stated: readonly RunFolder[]): (folder: string) => FolderFacts {
  const byFolder = new Map(stated.map((each) => [each.folder, each]));
  const nearest = <T>(steps: readonly string[], of: (folder: RunFolder) => T | null): T | null => {
    for (let length = steps.length; length >= 0; length -= 1) {
      const folder = byFolder.get(steps.slice(0, length).join('/'));
      const found = folder ? of(folder) : null;
      if (found !== null) return found;
    }
    return null;
  };
  return (folder) => {
    const steps = folder === '' ? [] : folder.split('/');
    return {
      site: nearest(steps, ({ site }) => site),
      place: nearest(steps, ({ latitude, longitude }) =>
        latitude === null || longitude === null ? null : { latitude, longitude },
      ),
      shiftS: nearest(steps, ({ shiftS }) => shiftS) ?? 0,
    };
  };
}

/**
 * Degrees as a person writes them, `52.37, 4.89` or with decimal commas `52,37; 4,89`; null where they are no place on
 * Earth.
 */
export function parsePlace(text: string): { readonly latitude: number; readonly longitude: number } | null {
  const apart = text.split(/;|,\s/u);
  const parts = apart.length === 2 ? apart.map((part) => part.replace(',', '.')) : text.split(',');
  const [latitude = Number.NaN, longitude = Number.NaN, ...more] = parts.map((part) =>
    part.trim() === '' ? Number.NaN : Number(part),
  );
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && more.length === 0
    ? { latitude, longitude }
    : null;
}

const count = z.number().int();
/** By the camera's clock as a person set it right: `2021-04-11T20:43:09`; null where no photo says one. */
const time = z.string().nullable();
const degrees = z.number().nullable();

/**
 * What a run's items can be filtered by, most items first. `camera` is what a filter asks for: a serial number, or make and model
 * where photos say none. `site`: as a person named it, else as the folders do. `count`: items that the filter shows.
 */
export const RunFacets = z.strictObject({
  cameras: z.array(
    z.strictObject({
      camera: z.string(),
      make: z.string().nullable(),
      model: z.string().nullable(),
      serial: z.string().nullable(),
      count,
    }),
  ),
  sites: z.array(z.strictObject({ site: z.string(), count })),
  firstTaken: time,
  lastTaken: time,
});
export type RunFacets = z.infer<typeof RunFacets>;

/**
 * A folder of a run with photos in it, or of which something was said; the first is always the whole run, with an empty name.
 * `site`, place and `shiftS` are what holds for it, whether it was said of it or of a folder above it, or is read off the folders'
 * names; `site` is null for the whole run where its folders are of several.
 */
export const RunFolderState = z.strictObject({
  folder: z.string(),
  site: z.string().nullable(),
  latitude: degrees,
  longitude: degrees,
  /** Seconds that are added to what its cameras' clocks say. What they say is kept. */
  shiftS: count,
  /** Items in it and below it, and when the first and the last of them were taken. */
  count,
  firstTaken: time,
  lastTaken: time,
  /** What a person said of this very folder; null where nothing. */
  stated: z.strictObject({
    site: z.string().nullable(),
    latitude: degrees,
    longitude: degrees,
    shiftS: count.nullable(),
  }),
});
export type RunFolderState = z.infer<typeof RunFolderState>;
