#!/usr/bin/env node
// Stands in for 7-Zip, which electron-builder calls to compress a tar and would fetch from the network: understands
// `a … OUT.gz IN` and nothing else. Named by ELECTRON_BUILDER_7ZIP_PATH.
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

const args = process.argv.slice(2);
const [to, from] = args.slice(1).filter((word) => !word.startsWith('-'));
if (args[0] !== 'a' || !to?.endsWith('.gz') || !from) {
  console.error(`only a single file is compressed here, by gzip: ${args.join(' ')}`);
  process.exit(2);
}
const level = Number(/^-mx=(\d)$/.exec(args.find((word) => word.startsWith('-mx=')) ?? '')?.[1] ?? 6);
await pipeline(createReadStream(from), createGzip({ level }), createWriteStream(to));
