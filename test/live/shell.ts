/** One shell for many lines: where the kernel is emulated, starting processes is most of what a line costs. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { PATIENCE } from './support.ts';

export interface Said { readonly status: number; readonly stdout: string; readonly stderr: string }

const END = '\u0004end of lines';

export class Shell {
  readonly #child: ChildProcessWithoutNullStreams = spawn('sh');
  #said = { stdout: '', stderr: '' };
  #look: () => void = () => {};

  constructor() {
    for (const name of ['stdout', 'stderr'] as const) {
      this.#child[name].setEncoding('utf8').on('data', (text: string) => {
        this.#said[name] += text;
        if (text.endsWith('\n')) this.#look();
      });
    }
  }

  /** Runs shell lines in a subshell; one at a time. @throws {Error} when they take too long: the shell is dead then */
  run(lines: string): Promise<Said> {
    return new Promise((resolve, reject) => {
      const end = (said: () => void): void => {
        clearTimeout(late);
        this.#child.off('close', died);
        this.#look = () => {};
        this.#said = { stdout: '', stderr: '' };
        said();
      };
      const died = (): void => end(() => reject(new Error(`the shell ended in: ${lines}`)));
      const late = setTimeout(() => {
        this.#child.kill('SIGKILL');
        end(() => reject(new Error(`no end within ${PATIENCE / 1000} s: ${lines}`)));
      }, PATIENCE);
      this.#child.on('close', died);
      this.#look = () => {
        const { stdout, stderr } = this.#said;
        const [, status] = new RegExp(`${END} (\\d+)\n$`).exec(stdout) ?? [];
        if (status === undefined || !stderr.endsWith(`${END}\n`)) return;
        end(() => resolve({ status: Number(status), stdout: stdout.slice(0, stdout.lastIndexOf(END)), stderr: stderr.slice(0, -END.length - 1) }));
      };
      this.#child.stdin.write(`(\n${lines}\n) </dev/null\nprintf '%s %d\\n' '${END}' $?; printf '%s\\n' '${END}' >&2\n`);
    });
  }

  close(): void {
    this.#child.stdin.end();
  }
}

const inside = (line: string, namespace: string): string => line.replace(/^(\w+)/, `$1 -n ${namespace}`);

/** Lines of ip and bridge in a namespace as shell lines: those that follow each other go to one process, which goes on after an error if `force`. */
export function batched(lines: readonly string[], namespace: string, force = false): string[] {
  const groups: { tool: string; lines: string[] }[] = [];
  for (const line of lines) {
    const [, tool, rest] = /^(ip(?: -[46])?|bridge) ([a-z].*)$/.exec(line) ?? [];
    const last = groups.at(-1);
    if (tool === undefined || rest === undefined || rest.includes("'")) groups.push({ tool: '', lines: [line] });
    else if (last?.tool === tool) last.lines.push(rest);
    else groups.push({ tool, lines: [rest] });
  }
  return groups.map((group) => (group.tool === '' ? inside(group.lines[0]!, namespace)
    : `printf '%s\\n' ${group.lines.map((line) => `'${line}'`).join(' ')} | ${inside(group.tool, namespace)}${force ? ' -force' : ''} -batch -`));
}
