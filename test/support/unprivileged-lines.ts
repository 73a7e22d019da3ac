/** A program without privilege: says each line of its arguments to the command, and prints what came of it. */
import { split } from '../../src/cli/batch.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';

const said: { line: string; status: number; stdout: string; stderr: string }[] = [];
for (const line of process.argv.slice(2)) {
  const out = new Captured();
  const status = await run(split(line), out);
  said.push({ line, status, stdout: out.stdout, stderr: out.stderr });
}
console.log(JSON.stringify(said));
