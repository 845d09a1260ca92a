import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linuxVolumes } from '../../../main/lib/volumes/linux.ts';
import { volumeInPlist } from '../../../main/lib/volumes/macos.ts';
import { volumesInJson } from '../../../main/lib/volumes/windows.ts';
import { listVolumes, volumeOf } from '../../../main/lib/volumes/index.ts';
import { canMount, makeDrive } from '../../fixtures/drive.ts';
import { newFolder } from '../../temp/folder.ts';

test('on Linux a card is told by its reader, an SD slot by its kind, a drive on a cable by its bus; the disk inside is none', async () => {
  const root = newFolder();
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const link = (to: string, file: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    symlinkSync(to, path.join(root, file));
  };
  const pci = 'sys/devices/pci0000:00';
  put(`${pci}/ata1/block/sda/removable`, '0\n');
  put(`${pci}/ata1/block/sda/sda2/partition`, '2\n');
  put(`${pci}/reader/block/sdb/removable`, '1\n');
  put(`${pci}/reader/block/sdb/sdb1/partition`, '1\n');
  put(`${pci}/mmc0/block/mmcblk0/device/type`, 'SD\n');
  put(`${pci}/mmc0/block/mmcblk0/removable`, '0\n');
  put(`${pci}/mmc0/block/mmcblk0/mmcblk0p1/partition`, '1\n');
  put(`${pci}/usb2/2-1/block/sdc/removable`, '0\n');
  for (const [device, block] of [
    ['8:2', 'ata1/block/sda/sda2'],
    ['8:17', 'reader/block/sdb/sdb1'],
    ['179:1', 'mmc0/block/mmcblk0/mmcblk0p1'],
    ['8:32', 'usb2/2-1/block/sdc'],
  ])
    link(path.join(root, pci, block!), `sys/dev/block/${device}`);
  put(
    'proc/self/mountinfo',
    [
      '22 1 8:2 / / rw - ext4 /dev/sda2 rw',
      String.raw`40 22 8:17 / /media/ranger/TRAP\0401 rw - vfat /dev/sdb1 rw`,
      '41 22 179:1 / /media/ranger/SD rw - exfat /dev/mmcblk0p1 rw',
      '42 22 8:32 / /media/ranger/disk rw - ext4 /dev/sdc rw',
      '43 22 0:30 / /run rw - tmpfs tmpfs rw',
      '44 22 8:2 /home /home rw - ext4 /dev/sda2 rw',
    ].join('\n'),
  );
  link('../../sdb1', 'dev/disk/by-uuid/3A4F-11D2');
  link('../../sdb1', String.raw`dev/disk/by-label/TRAP\x201`);
  expect(await linuxVolumes(root)).toEqual([
    { place: '/', id: null, label: null, type: 'ext4', isRemovable: false },
    { place: '/media/ranger/TRAP 1', id: '3A4F-11D2', label: 'TRAP 1', type: 'vfat', isRemovable: true },
    { place: '/media/ranger/SD', id: null, label: null, type: 'exfat', isRemovable: true },
    { place: '/media/ranger/disk', id: null, label: null, type: 'ext4', isRemovable: true },
  ]);
});

test('what diskutil says of a card on macOS', () => {
  const plist = `<plist version="1.0"><dict><key>Ejectable</key><true/><key>FilesystemType</key><string>msdos</string>
    <key>Internal</key><false/><key>VolumeName</key><string>TRAP1</string>
    <key>VolumeUUID</key><string>5b2c1d0e-3f4a-3b5c-8d6e-7f8091a2b3c4</string></dict></plist>`;
  expect(volumeInPlist('/Volumes/TRAP1', plist)).toEqual({
    place: '/Volumes/TRAP1',
    id: '5B2C1D0E-3F4A-3B5C-8D6E-7F8091A2B3C4',
    label: 'TRAP1',
    type: 'msdos',
    isRemovable: true,
  });
});

test('what PowerShell prints of one drive or several; a reader without a card is none', () => {
  const c = {
    DeviceID: 'C:',
    DriveType: 3,
    VolumeName: '',
    VolumeSerialNumber: 'AA11BB22',
    FileSystem: 'NTFS',
  };
  const empty = {
    DeviceID: 'E:',
    DriveType: 2,
    VolumeName: null,
    VolumeSerialNumber: null,
    FileSystem: null,
  };
  const card = {
    DeviceID: 'F:',
    DriveType: 2,
    VolumeName: 'TRAP1',
    VolumeSerialNumber: '3A4F11D2',
    FileSystem: 'FAT32',
  };
  const shown = { place: 'F:\\', id: '3A4F11D2', label: 'TRAP1', type: 'FAT32', isRemovable: true };
  expect(volumesInJson(JSON.stringify([c, empty, card]))).toEqual([
    { place: 'C:\\', id: 'AA11BB22', label: null, type: 'NTFS', isRemovable: false },
    shown,
  ]);
  expect(volumesInJson(JSON.stringify(card))).toEqual([shown]);
  expect(volumesInJson('')).toEqual([]);
});

test.skipIf(!canMount('ext4'))(
  'a mounted drive has the same number wherever it is, and a folder on another one has not',
  async () => {
    const drive = makeDrive(16);
    const folder = newFolder('mnt');
    const [first, second] = [path.join(folder, 'with blank'), path.join(folder, 'b')];
    drive.plug(first);
    mkdirSync(path.join(first, 'inside'));
    const volume = await volumeOf(path.join(first, 'inside'));
    expect(volume).toMatchObject({ place: first, type: 'ext4' });
    expect(volume?.id).toMatch(/^[0-9a-f-]{36}$/u);
    expect((await volumeOf(folder))?.id).not.toBe(volume?.id);
    drive.pull(first);
    drive.plug(second);
    expect((await listVolumes()).find(({ id }) => id === volume?.id)?.place).toBe(second);
    drive.pull(second);
    expect(await volumeOf(path.join(first, 'inside'))).toBeNull();
  },
);
