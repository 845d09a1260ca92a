import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const timeoutMs = 4_000;
const windowsQuestion =
  '[void][Windows.Networking.Connectivity.NetworkInformation,Windows,ContentType=WindowsRuntime];' +
  '[Windows.Networking.Connectivity.NetworkInformation]::GetInternetConnectionProfile().GetConnectionCost().NetworkCostType';

/** Whether the operating system marks the network connection as metered; false where it does not tell. */
export async function isConnectionMetered(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  try {
    if (platform === 'linux') {
      const { stdout } = await run('nmcli', ['-g', 'GENERAL.METERED', 'device', 'show'], {
        timeout: timeoutMs,
      });
      return isMeteredByNmcli(stdout);
    }
    if (platform === 'win32') {
      const args = ['-NoProfile', '-NonInteractive', '-Command', windowsQuestion];
      const { stdout } = await run('powershell', args, { timeout: timeoutMs });
      return isMeteredByWindows(stdout);
    }
  } catch {
    return false;
  }
  return false;
}

/** Output of nmcli, one value per device: `yes`, `no`, `yes (guessed)`, `no (guessed)`, `unknown`. */
export const isMeteredByNmcli = (text: string): boolean =>
  /^yes/mu.test(text) && !/^no(?! \(guessed\))/mu.test(text);

export const isMeteredByWindows = (text: string): boolean => /^(?:fixed|variable)$/imu.test(text.trim());
