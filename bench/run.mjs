// Runs one side of a benchmark as a child process, within a time limit, and reads its one line of JSON.
import { spawn } from 'node:child_process';

/** A child that gave no result: it failed, it printed something else, or it hung. */
export class SideError extends Error {}

/**
 * Runs a command and returns { stdout, wall } (wall in microseconds, from spawn to exit).
 * After `seconds` the whole process group is killed. A child that not even that ends sits in the kernel: rtnetlink hangs.
 */
export const run = ([command, ...args], { seconds = 120, env = process.env, input = '' } = {}) =>
  new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { detached: true, env, stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    let late;
    const limit = setTimeout(() => {
      try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has just ended */ }
      late = setTimeout(() => {
        child.unref();
        reject(new SideError(`${command} cannot be killed: it hangs in the kernel (rtnetlink is dead until a reboot)`));
      }, 5000);
    }, seconds * 1000);
    child.stdout.on('data', (data) => { stdout += data; });
    child.stderr.on('data', (data) => { stderr += data; });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    const settle = (action) => { clearTimeout(limit); clearTimeout(late); action(); };
    child.on('error', (error) => settle(() => reject(new SideError(`${command}: ${error.message}`))));
    child.on('close', (code, signal) => settle(() => {
      const wall = (performance.now() - started) * 1000;
      if (code === 0) resolve({ stdout, wall });
      else reject(new SideError(`${[command, ...args].join(' ').slice(-200)}: ${signal === 'SIGKILL' ? `no end within ${seconds} s` : `exit ${code}`} ${stderr.trim().slice(-500)}`));
    }));
  });

/** Runs a side and checks that it did all of its work: `least` or a few more (routes and links that the kernel adds). */
export const side = async (command, least, { most = least + 16, ...options } = {}) => {
  const { stdout } = await run(command, options);
  const line = stdout.trim().split('\n').pop() ?? '';
  let result;
  try { result = JSON.parse(line); } catch { throw new SideError(`${command.join(' ').slice(-200)} printed: ${line.slice(0, 200)}`); }
  if (!(result.count >= least && result.count <= most)) throw new SideError(`${command.join(' ').slice(-120)} did ${result.count} of ${least}`);
  return result;
};

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
