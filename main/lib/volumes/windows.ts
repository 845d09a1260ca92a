import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Volume } from './volume.ts';

const run = promisify(execFile);
const query =
  'Get-CimInstance Win32_LogicalDisk | Select-Object DeviceID,DriveType,VolumeName,VolumeSerialNumber,FileSystem | ConvertTo-Json';

/** Letters behind which there is something, each with the number of its volume: another card in the same slot has another. */
export async function windowsMark(): Promise<string> {
  const letters = Array.from({ length: 24 }, (_, at) => String.fromCodePoint('C'.codePointAt(0)! + at));
  const numbers = await Promise.all(
    letters.map((letter) =>
      stat(`${letter}:\\`, { bigint: true }).then(
        ({ dev }) => dev,
        () => null,
      ),
    ),
  );
  return letters.map((letter, at) => `${letter}${numbers[at] ?? ''}`).join(' ');
}

export async function windowsVolumes(): Promise<readonly Volume[]> {
  const asked = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', query], {
    timeout: 20_000,
    windowsHide: true,
  }).catch(() => null);
  return asked ? volumesInJson(asked.stdout) : [];
}

type Disk = {
  readonly DeviceID: string;
  readonly DriveType: number;
  readonly VolumeName: string | null;
  readonly VolumeSerialNumber: string | null;
  readonly FileSystem: string | null;
};

/** What PowerShell prints: one object, or an array of several. A drive without a card in it has no file system. */
export function volumesInJson(json: string): readonly Volume[] {
  const found = JSON.parse(json === '' ? '[]' : json) as Disk | readonly Disk[];
  return (Array.isArray(found) ? (found as readonly Disk[]) : [found as Disk]).flatMap((disk) =>
    disk.FileSystem === null
      ? []
      : [
          {
            place: `${disk.DeviceID}\\`,
            id: disk.VolumeSerialNumber,
            label: disk.VolumeName || null,
            type: disk.FileSystem,
            isRemovable: disk.DriveType === 2,
          },
        ],
  );
}
