import { isUtf8 } from 'node:buffer';

/** Texts of one tensor: each is an object of its own wherever it is read. */
export const mostTexts = 1_000_000;

/** Whether the runtime gives it back as it is: it carries text, so other bytes would be replaced, and a NUL ends it. */
export const isText = (element: Uint8Array): boolean => isUtf8(element) && !element.includes(0);
