/** The `nlkit` command. */
import { standardOutput } from './output.ts';
import { run } from './run.ts';

void run(process.argv.slice(2), standardOutput()).then((status) => { process.exitCode = status; });
