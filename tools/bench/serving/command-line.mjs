// The command line of this build. A file: threads take over `--input-type` of a program given by --eval, and then refuse the files that they are to run.
import { main } from '../../../out/main/cli.js';

process.exitCode = await main(process.argv.slice(2));
