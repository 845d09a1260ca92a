/** What a label is in the words of Camtrap DP. */
export type Taxon = {
  readonly observationType: 'animal' | 'human' | 'vehicle' | 'blank' | 'unknown';
  readonly scientificName?: string;
};

/** Labels that detectors of camera traps have, by what Camtrap DP calls them. */
const types: Readonly<Record<string, Taxon['observationType']>> = {
  empty: 'blank',
  animal: 'animal',
  person: 'human',
  people: 'human',
  human: 'human',
  vehicle: 'vehicle',
  car: 'vehicle',
  truck: 'vehicle',
  bus: 'vehicle',
  motorcycle: 'vehicle',
};

/**
 * What labels are, by the list of taxa that a person gives: entries of `taxonomic` with `scientificName` and, as
 * `vernacularNames`, the labels that stand for it. Without it a name of an animal is a label and no scientific name.
 */
export function createTaxa(given: unknown): (label: string, group: string | undefined) => Taxon {
  const names = new Map<string, string>();
  for (const entry of Array.isArray(given) ? (given as unknown[]) : []) {
    const { scientificName, vernacularNames } = (entry ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof scientificName !== 'string') continue;
    for (const name of [scientificName, ...Object.values(vernacularNames ?? {})])
      names.set(String(name).toLowerCase(), scientificName);
  }
  return (label, group) => {
    const scientificName = names.get(label.toLowerCase());
    if (scientificName !== undefined) return { observationType: 'animal', scientificName };
    return { observationType: types[label.toLowerCase()] ?? types[group?.toLowerCase() ?? ''] ?? 'unknown' };
  };
}
