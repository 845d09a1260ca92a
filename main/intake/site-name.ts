/** Characters taken of a name that a person typed: Windows limits the length of a path. */
const longest = 60;

/** Folder name of a copy: the day, then the site, or else the card's label. */
export function copyName(day: string, site: string | null, label: string | null): string {
  const named = asFileName(site ?? '') || asFileName(label ?? '') || 'card';
  return `${day} ${named}`;
}

/** Replaces what some file system forbids in names; may leave nothing. */
const asFileName = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}<>:"/\\|?*]+/gu, '-')
    .replace(/\s+/gu, ' ')
    .slice(0, longest)
    .replace(/^[. -]+|[. -]+$/gu, '');
