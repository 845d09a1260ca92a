import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { displayDrivers, linuxDrivers } from '../../../main/engine/providers/device.ts';
import { newFolder } from '../../temp/folder.ts';

function put(root: string, file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

test('another NVIDIA driver, and another Vulkan driver behind the same name, are other devices', async () => {
  const root = newFolder();
  expect(await linuxDrivers(root)).toEqual([]);
  const nvidia = (version: string): string =>
    `NVRM version: NVIDIA UNIX x86_64 Kernel Module  ${version}  Wed Jul 17 10:03:31 UTC 2026\nGCC version:  gcc 12\n`;
  put(root, 'proc/driver/nvidia/version', nvidia('580.65.06'));
  const library = path.join(root, 'usr/lib/libvulkan_some.so');
  put(root, 'usr/lib/libvulkan_some.so', 'driver one');
  const manifest = JSON.stringify({ ICD: { api_version: '1.4', library_path: library } });
  put(root, 'usr/share/vulkan/icd.d/some.json', manifest);
  const before = await linuxDrivers(root);
  expect(before).toEqual(['nvidia 580.65.06', expect.stringMatching(/^libvulkan_some\.so 10 \d+$/u)]);
  expect(await linuxDrivers(root)).toEqual(before);
  put(root, 'usr/lib/libvulkan_some.so', 'driver two, newer');
  put(root, 'proc/driver/nvidia/version', nvidia('590.10'));
  expect(await linuxDrivers(root)).toEqual([
    'nvidia 590.10',
    expect.stringMatching(/^libvulkan_some\.so 17 \d+$/u),
  ]);
});

test('the versions of display drivers on Windows', () => {
  const key = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968}\\000';
  const text = [0, 1]
    .map((at) => `${key}${at}\r\n    DriverVersion    REG_SZ    32.0.15.${7652 + at}\r\n`)
    .join('\r\n');
  expect(displayDrivers(text)).toEqual(['display 32.0.15.7652', 'display 32.0.15.7653']);
});
