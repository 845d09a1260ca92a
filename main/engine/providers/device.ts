import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, realpath, readdir, stat } from 'node:fs/promises';
import { cpus, release } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { env } from '../../lib/paths.ts';
import { runtimeVersion } from './runtime-version.ts';

/**
 * Names this computer, its graphics drivers and the runtime: what was proved and measured holds for them alone, so a new
 * driver or runtime is measured anew.
 */
export async function deviceName(cores: number): Promise<string> {
  const all = cpus();
  // Measurements with another number of cores are not reused.
  const share = cores === all.length ? '' : `${cores} of `;
  const drivers = await driverVersions().catch(() => []);
  return [
    `${process.platform} ${process.arch} ${release()}`,
    `${share}${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`,
    ...(hasCuda() ? ['cuda'] : []),
    ...drivers,
    `onnxruntime ${runtimeVersion()}`,
  ].join(', ');
}

/** Providers that ONNX Runtime may offer on this platform, best first. */
export function offeredProviders(): readonly string[] {
  switch (process.platform) {
    case 'win32':
      return ['dml', 'webgpu', 'cpu'];
    case 'darwin':
      return ['coreml', 'webgpu', 'cpu'];
    case 'linux':
      if (process.arch !== 'x64') return ['cpu'];
      return hasCuda() ? ['cuda', 'webgpu', 'cpu'] : ['webgpu', 'cpu'];
    default:
      return ['cpu'];
  }
}

/** The driver library exists; the proof shows whether it works. */
function hasCuda(): boolean {
  return ['/usr/lib/x86_64-linux-gnu/libcuda.so.1', '/usr/lib64/libcuda.so.1'].some((file) =>
    existsSync(file),
  );
}

/** macOS brings its drivers with the system, whose release stands in the name already. */
function driverVersions(): Promise<readonly string[]> {
  if (process.platform === 'linux') return linuxDrivers('/');
  return process.platform === 'win32' ? windowsDrivers() : Promise.resolve([]);
}

/** NVIDIA's kernel module by its version; Vulkan drivers by their files, since each names its version in its own way. */
export async function linuxDrivers(root: string): Promise<readonly string[]> {
  const nvidia = await readFile(join(root, 'proc/driver/nvidia/version'), 'utf8').catch(() => '');
  const version = /Kernel Module[^\n]*?\s(\d+(?:\.\d+)+)/u.exec(nvidia)?.[1];
  const given = env('VK_DRIVER_FILES') ?? env('VK_ICD_FILENAMES');
  const manifests = given ? given.split(':') : await vulkanManifests(root);
  const drivers = await Promise.all(manifests.map((file) => vulkanDriver(file)));
  return [...(version ? [`nvidia ${version}`] : []), ...drivers.flatMap((driver) => driver ?? []).sort()];
}

async function vulkanManifests(root: string): Promise<readonly string[]> {
  const folders = ['usr/share/vulkan/icd.d', 'usr/local/share/vulkan/icd.d', 'etc/vulkan/icd.d'];
  const found = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder)).catch(() => []);
      return names.filter((name) => name.endsWith('.json')).map((name) => join(root, folder, name));
    }),
  );
  return found.flat();
}

/** `libvulkan_radeon.so 11534336 1710000000`: size and time of the library that a manifest names. */
async function vulkanDriver(manifest: string): Promise<string | null> {
  try {
    const { ICD } = JSON.parse(await readFile(manifest, 'utf8')) as { ICD: { library_path: string } };
    const named = ICD.library_path;
    const file = named.includes('/') ? resolve(manifest, '..', named) : await systemLibrary(named);
    const real = file === null ? manifest : await realpath(file);
    const { size, mtimeMs } = await stat(real);
    return `${real.split('/').at(-1)} ${size} ${Math.floor(mtimeMs / 1000)}`;
  } catch {
    return null;
  }
}

async function systemLibrary(name: string): Promise<string | null> {
  for (const folder of ['/usr/lib/x86_64-linux-gnu', '/usr/lib64', '/usr/lib/aarch64-linux-gnu', '/usr/lib'])
    if (existsSync(join(folder, name))) return join(folder, name);
  return null;
}

const displayClass =
  'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}';

async function windowsDrivers(): Promise<readonly string[]> {
  const options = { timeout: 5_000, windowsHide: true };
  const asked = ['query', displayClass, '/s', '/v', 'DriverVersion'];
  return displayDrivers((await promisify(execFile)('reg.exe', asked, options)).stdout);
}

/** The versions in what `reg query … /v DriverVersion` prints. */
export function displayDrivers(text: string): readonly string[] {
  const versions = [...text.matchAll(/DriverVersion\s+REG_SZ\s+(\S+)/gu)].map(([, version]) => version!);
  return [...new Set(versions)].sort().map((version) => `display ${version}`);
}
