import { shownName } from './shown-name.ts';

/**
 * Shortens a long name in the middle, so that its ending stays readable; the tooltip has all of it. Two halves side by side
 * would be read out as two words, so a screen reader gets the name whole.
 */
export function MiddleCut({ text: given, tail = 8 }: { readonly text: string; readonly tail?: number }) {
  const text = shownName(given);
  const letters = Array.from(text);
  if (letters.length <= tail * 2)
    return (
      <span className="cut" title={text}>
        {text}
      </span>
    );
  return (
    <span className="middle-cut" title={text}>
      <span aria-hidden="true">{letters.slice(0, -tail).join('')}</span>
      <span aria-hidden="true">{letters.slice(-tail).join('')}</span>
      <span className="hidden-words">{text}</span>
    </span>
  );
}
