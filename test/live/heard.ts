/** Events as a tool and nlkit print them, beside each other. */
import { spawn } from 'node:child_process';
import { split } from '../../src/cli/batch.ts';
import type { Kernel } from '../../src/cli/kernel.ts';
import { LiveKernel } from '../../src/cli/kernel-live.ts';
import { Captured } from '../../src/cli/output.ts';
import { run } from '../../src/cli/run.ts';
import type { AnyGenericFamily } from '../../src/codec/index.ts';
import { PATIENCE, until } from './support.ts';

export interface Heard { readonly theirs: string; readonly ours: string; readonly json: string }
/**
 * Listens with all of them while something is made to happen.
 * @param json the option that makes JSON of it @param listens what the tool says when it listens
 * @param last what the last event has in it, in text @param times how often
 */
export async function heard(tool: string, line: string, namespace: string, { json, listens = '', make, last, times = 1 }: { json: string; listens?: string; make: () => Promise<void>; last: string; times?: number }): Promise<Heard> {
  const stop = new AbortController(), sides = [new Captured(), new Captured()];
  let text = '', listening = 0;
  class Stoppable extends LiveKernel {
    override async generic(family: AnyGenericFamily): Promise<Kernel> {
      const kernel = await super.generic(family), listen = kernel.monitor.bind(kernel);
      kernel.monitor = (groups) => { const events = listen(groups, { signal: stop.signal }); listening++; return events; };
      return kernel;
    }
  }
  const child = spawn('ip', ['netns', 'exec', namespace, 'stdbuf', '-oL', tool, ...split(line)], { stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (more: string) => { text += more; });
  const ended = ['', `${json} `].map((options, i) => run(split(`-n ${namespace} ${tool} ${options}${line}`), sides[i]!, (netns) => new Stoppable(netns)));
  try {
    await until('the listeners listen', () => listening === 2 && text.includes(listens));
    await new Promise((resolve) => { setTimeout(resolve, PATIENCE / 40); });
    await make();
    await until('the last event', () => [text, sides[0]!.stdout].every((one) => one.split(last).length > times));
  } finally {
    stop.abort();
    child.kill();
    await Promise.all(ended);
  }
  return { theirs: text, ours: sides[0]!.stdout, json: sides[1]!.stdout };
}
