/** Longest part of a name that is a person's: a path has an end on Windows. */
const longest = 60;

/** The name of a copy's folder: the day, then where the camera stood, else what the card is called. */
export function copyName(day: string, site: string | null, label: string | null): string {
  const named = asFileName(site ?? '') || asFileName(label ?? '') || 'card';
  return `${day} ${named}`;
}

/** What every file system takes as a part of a name; empty where nothing is left. */
const asFileName = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}<>:"/\\|?*]+/gu, '-')
    .replace(/\s+/gu, ' ')
    .slice(0, longest)
    .replace(/^[. -]+|[. -]+$/gu, '');
