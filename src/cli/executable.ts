/**
 * Both programs as one executable file (scripts/executable.mjs), told apart by the name that it is called by: `nlkit-cni`, or a CNI plugin's, is
 * the plugins' program. What `nlkit-cni install` writes starts it with the path of the plugin first, as it would start Node.
 */
import { basename, dirname, join } from 'node:path';

// Where scripts have their own path, an executable has one that no other process can open.
if (process.argv[2]?.includes('/')) process.argv.splice(1, 1);
else process.argv[1] = join(dirname(process.execPath), basename(process.argv0));

if (process.env['CNI_COMMAND'] || basename(process.argv[1] ?? '') === 'nlkit-cni') void import('../cni/main.ts');
else void import('./main.ts');
