/** Control characters, line breaks among them, and marks that turn the direction of what follows. */
const unshown = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** A name in one line, read in the order of its letters: one that turns round would end otherwise than its file does. */
export const shownName = (name: string): string => name.replaceAll(unshown, '\uFFFD');
