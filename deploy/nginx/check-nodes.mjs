// `node check-nodes.mjs --conf nodes.conf --pid nginx.pid`: the active check that nginx itself sells only in its other
// edition. Asks every node each second whether it is ready; one that is not, twice in a row, is marked `down` in
// nodes.conf, and nginx takes the file up without dropping a request. Run it beside nginx, as whoever may signal it.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    conf: { type: 'string', default: 'nodes.conf' },
    pid: { type: 'string', default: 'nginx.pid' },
    path: { type: 'string', default: '/readyz' },
    every: { type: 'string', default: '1000' },
    times: { type: 'string', default: '2' },
  },
});
const [every, times] = [Number(values.every), Number(values.times)];
/** Per node, how often in a row it said the other thing than what nodes.conf says. */
const contrary = new Map();

for (;;) {
  const text = readFileSync(values.conf, 'utf8');
  const nodes = nodesIn(text);
  const ready = await Promise.all(nodes.map(({ address }) => isReady(address)));
  for (const [at, { address, isDown }] of nodes.entries())
    contrary.set(address, ready[at] === isDown ? (contrary.get(address) ?? 0) + 1 : 0);
  const turned = nodes.filter(({ address }) => contrary.get(address) >= times);
  const left = nodes.filter((node) => node.isDown === turned.includes(node));
  // With none left there would be nothing to lose: nginx goes on trying them all.
  if (turned.length > 0 && left.length > 0) {
    apply(text, turned);
    for (const { address, isDown } of turned)
      console.log(`${address} is ${isDown ? 'ready again' : 'not ready: left out'}`);
  }
  await sleep(every);
}

/** The nodes of the first upstream; the same machine is in the others, maybe on another port. */
function nodesIn(text) {
  const [, list = ''] = /upstream outpost \{(.*?)\n\}/su.exec(text) ?? [];
  return [...list.matchAll(/^\s*server (\S+?)(?: [^;]*?)?( down)?;/gmu)].map(([, address, down]) => ({
    address,
    isDown: down !== undefined,
  }));
}

function apply(text, turned) {
  let next = text;
  const all = nodesIn(text).map(({ address }) => address);
  for (const { address, isDown } of turned) {
    const lines = [...next.matchAll(/^upstream \S+ \{.*?^\}/gmsu)];
    const at = all.indexOf(address);
    // The lists have the same order: a node is the line of the same number in each.
    for (const [block] of lines) {
      let number = -1;
      const edited = block.replace(/^(\s*server [^;]*?)( down)?;/gmu, (line, head) => {
        number += 1;
        return number === at ? `${head}${isDown ? '' : ' down'};` : line;
      });
      next = next.replace(block, () => edited);
    }
  }
  writeFileSync(`${values.conf}.new`, next);
  renameSync(`${values.conf}.new`, values.conf);
  process.kill(Number(readFileSync(values.pid, 'utf8')), 'SIGHUP');
}

function isReady(address) {
  return new Promise((resolve) => {
    const request = get(`http://${address}${values.path}`, { timeout: Math.max(every, 1000) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy(new Error('slow')));
    request.on('error', () => resolve(false));
  });
}
