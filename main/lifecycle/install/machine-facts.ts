import { basename } from 'node:path';
import { faultReason } from '../../../contract/faults/faults.ts';
import type { Origin } from '../../../contract/lifecycle/lifecycle.ts';
import type { UpdateSource } from '../../../contract/lifecycle/update.ts';
import type { UpdateFetcher, VersionName } from '../types.ts';
import type { LifecycleParts } from '../parts.ts';
import { isHere } from '../versions/index.ts';

/** The facts about this computer that offers are selected by; they are never sent anywhere. */
export async function machineFactsOf(
  { registry, appVersion, deviceId }: LifecycleParts,
  except?: VersionName,
): Promise<Parameters<UpdateFetcher['check']>[0]['here']> {
  const isAsked = (each: VersionName): boolean =>
    each.model === except?.model && each.version === except.version;
  return {
    appVersion,
    deviceId: await deviceId(),
    installed: registry
      .all()
      // A version whose process was killed before its trial is offered again.
      .filter((record) => isHere(record.state) && record.digest !== null && !isAsked(record))
      .map(({ model, version, digest }) => ({ model, version, digest: digest ?? '' })),
    denied: registry
      .allDenied()
      .filter(({ fault }) => fault.code !== 'version-revoked')
      .map(({ model, version, fault }) => ({ model, version, why: faultReason(fault) })),
  };
}

export function originOf(source: UpdateSource): Origin {
  if (source.kind === 'http') return { kind: 'feed', name: source.address };
  return { kind: source.kind, name: basename(source.path) || source.path };
}
