import type { Format } from './format.ts';

export function jsonlFormat(): Format {
  return { head: () => '', one: (record) => `${JSON.stringify(record)}\n`, tail: () => '' };
}

/** One array, a record a line, that is whole also when nothing came or the rest did not. */
export function jsonFormat(): Format {
  let before = '';
  return {
    head: () => '[',
    one: (record) => {
      const text = `${before}\n${JSON.stringify(record)}`;
      before = ',';
      return text;
    },
    tail: () => '\n]\n',
  };
}
