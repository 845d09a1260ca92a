import { basename, dirname, resolve } from 'node:path';

/**
 * How a run calls what it finds: its way below the folder that was given, with `/` between the steps; below several, the
 * folder's own name stands first. What was named itself has its name alone.
 */
export function runNames(inputs: readonly string[]): (path: string) => string {
  const roots = new Set(inputs.map((input) => resolve(input)));
  return (path) => {
    const whole = resolve(path);
    const steps: string[] = [];
    for (let at = whole; ; at = dirname(at)) {
      if (at !== whole && roots.has(at))
        return (roots.size > 1 ? [basename(at), ...steps] : steps).filter((step) => step !== '').join('/');
      if (roots.has(at) || dirname(at) === at) return basename(whole);
      steps.unshift(basename(at));
    }
  };
}

/** The folder and the name out of what `runNames` gave. */
export function namedPlace(name: string): { readonly folder: string; readonly name: string } {
  const at = name.lastIndexOf('/');
  return { folder: name.slice(0, Math.max(0, at)), name: name.slice(at + 1) };
}
