import { cpus, release } from 'node:os';
import type { AppInfo } from '../../contract/calls/calls.ts';
import licences from './licences.json' with { type: 'json' };

const systems: Readonly<Record<string, string>> = { linux: 'Linux', darwin: 'macOS', win32: 'Windows' };

export function appInfo(version: string, dataFolder: string): AppInfo {
  const processors = cpus();
  return {
    version,
    electron: process.versions.electron ?? '',
    chrome: process.versions['chrome'] ?? '',
    node: process.versions.node,
    onnxruntime: licences.find(({ name }) => name === 'onnxruntime-node')?.version ?? '',
    platform: `${systems[process.platform] ?? process.platform} ${release()} ${process.arch}`,
    cpu: processors[0]?.model.trim() ?? '',
    cores: processors.length,
    dataFolder,
    licences,
  };
}
