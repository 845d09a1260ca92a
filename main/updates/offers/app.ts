import { compareVersions } from '../../packs/index.ts';
import type { AppOffer } from '../types.ts';
import type { Listed } from './listed.ts';

/**
 * Newest installer of Outpost for a platform such as `linux-x64`; the caller decides whether it is newer than the
 * running one.
 */
export function newestApp({ apps }: Listed, platform: string): AppOffer | null {
  const newest = apps
    .filter(({ app }) => app.platform === platform)
    .toSorted((one, other) => compareVersions(one.app.version, other.app.version))
    .at(-1);
  if (!newest) return null;
  const { app, target } = newest;
  return {
    ...app,
    size: target.size,
    sha256: target.sha256,
    sha512: Buffer.from(target.sha512, 'hex').toString('base64'),
  };
}
