const irregular: Readonly<Record<string, string>> = {
  person: 'people',
  man: 'men',
  woman: 'women',
  child: 'children',
  mouse: 'mice',
  goose: 'geese',
  ox: 'oxen',
  foot: 'feet',
  tooth: 'teeth',
  knife: 'knives',
  leaf: 'leaves',
  wolf: 'wolves',
  calf: 'calves',
};
/** Words with the same singular and plural, and labels that are plurals already. */
const unchanged = new Set([
  'sheep',
  'deer',
  'fish',
  'bison',
  'moose',
  'cattle',
  'aircraft',
  'people',
  'scissors',
  'skis',
  'elk',
  'eland',
  'species',
  'wildebeest',
]);

/** The English plural of a label, formed on its last word: `teddy bear` becomes `teddy bears`. */
export function pluralOf(label: string): string {
  const [, before = '', word = ''] = /^(.*?)([A-Za-z]+)$/su.exec(label) ?? [];
  if (word === '') return label;
  const low = word.toLowerCase();
  if (unchanged.has(low)) return label;
  const special = irregular[low];
  if (special !== undefined) return `${before}${word[0]!}${special.slice(1)}`;
  if (/(?:s|x|z|ch|sh)$/u.test(low)) return `${label}es`;
  if (/[^aeiou]y$/u.test(low)) return `${label.slice(0, -1)}ies`;
  return `${label}s`;
}
