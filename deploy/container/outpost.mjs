// What the image starts: the command line, with nothing in front of it.
import process from 'node:process';
import { main } from './out/main/cli.js';

process.exitCode = await main(process.argv.slice(2));
