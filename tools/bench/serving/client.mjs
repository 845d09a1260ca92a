import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** The client that loads every server in one run: wrk where it is installed, since it takes least of the cores it shares. */
export const clientName = hasWrk() ? 'wrk' : 'autocannon';

/**
 * Posts the same body over `connections` for `seconds`. `folder` is for the client's own files.
 * @returns {Promise<{perSecond: number, p50: number, p99: number, failures: number, total: number}>} times in milliseconds
 */
export function load(request) {
  return clientName === 'wrk' ? withWrk(request) : withAutocannon(request);
}

function withWrk({ url, body, headers, connections, seconds, folder }) {
  const bodyFile = path.join(folder, 'body.bin');
  const script = path.join(folder, 'request.lua');
  writeFileSync(bodyFile, body);
  const lines = Object.entries(headers).map(([name, value]) => `wrk.headers["${name}"] = "${value}"`);
  writeFileSync(
    script,
    `wrk.method = "POST"
local file = io.open("${bodyFile}", "rb")
wrk.body = file:read("*a")
file:close()
${lines.join('\n')}
function done(summary, latency)
  local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format("\\nRESULT %d %f %f %f %d\\n", summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, wrong))
end
`,
  );
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url];
  return new Promise((resolve, reject) => {
    const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.on('error', reject);
    child.on('close', () => {
      const found = /^RESULT (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+)$/mu.exec(text);
      if (!found) return reject(new Error(`wrk gave no figures: ${text.slice(-400)}`));
      const [total, duration, p50, p99, failures] = found.slice(1).map(Number);
      resolve({ perSecond: total / duration, p50, p99, failures, total });
    });
  });
}

async function withAutocannon({ url, body, headers, connections, seconds }) {
  const { default: autocannon } = await import('autocannon');
  const result = await autocannon({
    url,
    method: 'POST',
    body,
    headers,
    connections,
    duration: seconds,
    timeout: 30,
  });
  return {
    perSecond: result['2xx'] / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.errors + result.non2xx,
    total: result.requests.total,
  };
}

function hasWrk() {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
    return true;
  } catch (error) {
    // wrk ends its own help with 1.
    return error.code !== 'ENOENT';
  }
}
