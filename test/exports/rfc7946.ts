/** What a text breaks of RFC 7946; an independent reader of GeoJSON, for points and places that are unknown. */
export function misfitsOfGeojson(text: string): readonly string[] {
  const misfits: string[] = [];
  const claim = (holds: boolean, what: string): boolean => {
    if (!holds) misfits.push(what);
    return holds;
  };
  // Section 11.1: UTF-8 without a byte order mark (RFC 8259, section 8.1).
  claim(!text.startsWith('\uFEFF'), 'begins with a byte order mark');
  const whole: unknown = JSON.parse(text);
  if (!claim(isObject(whole), 'is no object')) return misfits;
  const { type, features, ...foreign } = whole as Record<string, unknown>;
  claim(type === 'FeatureCollection', '3.3: type is FeatureCollection');
  // 7.1: members of other types must not have another meaning; 4: the old crs is not used.
  for (const name of ['coordinates', 'geometries', 'geometry', 'properties', 'crs'])
    claim(!(name in foreign), `7.1: a FeatureCollection has ${name}`);
  if (!claim(Array.isArray(features), '3.3: features is an array')) return misfits;
  for (const [at, feature] of (features as unknown[]).entries())
    for (const misfit of misfitsOfFeature(feature)) claim(false, `feature ${at}, ${misfit}`);
  return misfits;
}

function misfitsOfFeature(feature: unknown): readonly string[] {
  if (!isObject(feature)) return ['3.2: is no object'];
  const { type, geometry, properties, id, ...foreign } = feature;
  const rules: readonly (readonly [boolean, string])[] = [
    [type === 'Feature', '3.2: type is Feature'],
    ['geometry' in feature, '3.2: has a geometry, which may be null'],
    ['properties' in feature && (properties === null || isObject(properties)), '3.2: has properties'],
    [id === undefined || typeof id === 'string' || typeof id === 'number', '3.2: an id is a text or number'],
    [!['coordinates', 'geometries', 'features'].some((name) => name in foreign), '7.1: members of others'],
  ];
  return [
    ...rules.filter(([holds]) => !holds).map(([, what]) => what),
    ...(geometry === null || geometry === undefined ? [] : misfitsOfPoint(geometry)),
  ];
}

function misfitsOfPoint(geometry: unknown): readonly string[] {
  if (!isObject(geometry)) return ['3.1: a geometry is an object'];
  const { type, coordinates } = geometry;
  if (type !== 'Point') return ['3.1.2: is a Point'];
  if (!Array.isArray(coordinates) || coordinates.some((value) => typeof value !== 'number'))
    return ['3.1.1: a position is numbers'];
  const [longitude, latitude] = coordinates as number[];
  return [
    ...(coordinates.length === 2 || coordinates.length === 3 ? [] : ['3.1.1: two or three numbers']),
    ...(Math.abs(longitude ?? 999) <= 180 ? [] : ['4: longitude comes first, in degrees']),
    ...(Math.abs(latitude ?? 999) <= 90 ? [] : ['4: latitude comes second, in degrees']),
  ];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
