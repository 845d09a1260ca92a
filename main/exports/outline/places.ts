import type { Camera } from '../../../contract/pictures/camera.ts';
import type { LocationRule } from '../../../contract/runs/export.ts';

/** Degrees, WGS 84. */
export type Place = { readonly latitude: number; readonly longitude: number };
/** How precise the coordinates of a site may be: exact, rounded to decimal places of degrees, or hidden. */
export type Leaves = 'all' | 'none' | { readonly places: number };

const dayMs = 86_400_000;

/** The strictest rule for a site. `labels`: in lower case; `lastMs`: time of its last photo, null if unknown. */
export function leavesOf(
  rules: readonly LocationRule[],
  site: { readonly labels: ReadonlySet<string>; readonly lastMs: number | null; readonly nowMs: number },
): Leaves {
  let places: number | null = null;
  for (const rule of rules) {
    if (rule.label !== undefined && !site.labels.has(rule.label.toLowerCase())) continue;
    if (rule.kind === 'hide') return 'none';
    // Without a time of capture a delay never expires.
    const isOver =
      rule.kind === 'delay' && site.lastMs !== null && site.lastMs + rule.days * dayMs <= site.nowMs;
    if (rule.kind === 'delay' && !isOver) return 'none';
    if (rule.kind === 'round') places = Math.min(places ?? rule.places, rule.places);
  }
  return places === null ? 'all' : { places };
}

export function leavePlace(place: Place | null, leaves: Leaves): Place | null {
  if (place === null || leaves === 'none') return null;
  if (leaves === 'all') return place;
  return {
    latitude: roundedTo(place.latitude, leaves.places),
    longitude: roundedTo(place.longitude, leaves.places),
  };
}

/** The camera with its coordinates coarsened. The altitude is dropped then: it would help to find the exact place. */
export function leaveCamera(camera: Camera, leaves: Leaves): Camera {
  if (leaves === 'all') return camera;
  const { altitudeM: _, latitude, longitude, ...rest } = camera;
  const place = leavePlace(placeOf({ latitude, longitude }), leaves);
  return { ...rest, ...place };
}

export const placeOf = ({ latitude, longitude }: Partial<Place>): Place | null =>
  latitude === undefined || longitude === undefined ? null : { latitude, longitude };

/** Uncertainty in metres: from rounded coordinates to the farthest point that rounds to them. */
export const uncertaintyM = (places: number): number => Math.ceil(111_320 * 10 ** -places * Math.SQRT1_2);

// Adding 0 turns -0 into 0.
const roundedTo = (degrees: number, places: number): number => Number(degrees.toFixed(places)) + 0;
