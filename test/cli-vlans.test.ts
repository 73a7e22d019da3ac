/** VLANs of bridges as iproute2 6.15 printed them, from the kernel's own answers. */
import { describe, expect, test } from 'vitest';
import { split } from '../src/cli/batch.ts';
import { Captured } from '../src/cli/output.ts';
import { run } from '../src/cli/run.ts';
import { captures, Replay } from './support/captures.ts';

/** A name that is in no answer. (Answers about ports, which plain `vlan show` prints, were not captured whole.) */
const nameless = (text: string): string => text.replace(/"(ifname|port)":"[^"]*"/g, '"$1":"*"').trimEnd();

const shown = captures.filter(({ name, command, stdout }) => name.startsWith('6.12') && /^bridge .*-[ds] .*\bvlan (global )?show\b/.test(command) && stdout);

describe('bridge vlan', () => {
  test('there are captures', () => { expect(shown.length).toBeGreaterThan(2); });
  test.each(shown.map((capture) => [capture.command, capture] as const))('%s', async (command, capture) => {
    const out = new Captured();
    // Of one link it is asked by name, and the answer is of that link alone.
    const status = await run(split(command.replace(/ dev \S+/, '')), out, () => new Replay(capture));
    expect(out.stderr).toBe('');
    expect(status).toBe(0);
    const theirs = JSON.parse(nameless(capture.stdout as string)) as { vlans?: unknown }[];
    const ours = JSON.parse(nameless(out.stdout)) as { vlans?: unknown }[];
    if (/ dev /.test(command)) expect(ours).toEqual(expect.arrayContaining(theirs));
    else expect(ours).toEqual(theirs);
  });
});
