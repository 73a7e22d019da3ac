/** ss: of sockets of vsock, SCTP, AF_XDP and TIPC, where the kernel has them, nlkit prints what iproute2 prints. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openSync } from '../../src/diag/index.ts';
import { SCTP, TIPC, VSOCK, XDP } from '../support/ss-sockets.ts';
import { beside } from './beside.ts';
import { has, iproute2Version, kernelVersion, until } from './support.ts';

const { why, sh, nlkit } = beside();
const version = iproute2Version('ss'), inside = (line: string): string => `nsenter --net=/run/netns/families ${line}`;
const lacking = why ?? (['ss', 'perl', 'nsenter'] as const).map((tool) => (has(tool) ? undefined : `${tool} is not installed`)).find(Boolean) ?? (version < 615 ? 'the columns of ss before 6.15 are others: test/live/cli-ss.test.ts' : undefined);
if (!why && lacking) console.warn(`skipped: ${lacking}`);

/** Without blanks at the end of lines, and with a word of ss -O as it is on lines of its own. */
const still = (text: string): string => text.replace(/ +$/gm, '').replace(' tumem(', ' umem(');

interface Family { readonly program: string; readonly modules: string; readonly shows: RegExp; readonly lines: readonly string[]; readonly means?: readonly (readonly [line: string, sockets: number])[] }
const families: Readonly<Record<string, Family>> = {
  vsock: {
    program: VSOCK, modules: 'vsock vsock_loopback vsock_diag', shows: /^v_str ESTAB .* 1:5555 /m,
    lines: ['--vsock', '--vsock -an', '--vsock -aepm', '--vsock -l', '--vsock -HQan', '--vsock -an autobound', '--vsock -an not autobound', '-A vsock_stream -an', '-A vsock_dgram -an', '-f vsock state established', '-f vsock exclude listening -n'],
    // ss finds nothing by a port, and everything by a context: the difference "ss-vsock".
    means: [['--vsock -Han sport = 5555', 3], ['--vsock -Han dport = 5555', 2], ['--vsock -Han sport = 5555 and dport = 900', 1], ["--vsock -Han src '1:*'", 3], ["--vsock -Han src 'vsock:1:900'", 1]],
  },
  sctp: {
    program: SCTP, modules: 'sctp sctp_diag', shows: /^`- ESTAB .*127\.0\.0\.1%lo:7003 /m,
    lines: ['-San', '-Sani', '-Sanem', '-Sanepo', '-S', '-Sl', '-Sla', '-Sani sport = 7001', '-San dport = 7003', "-San 'src [::1]'", '-SanO --tos -i', '-SanT -p', '-6San', '-4Sn', '-San state established', '-A sctp -Hn', '-A inet -an', '-SanQ'],
  },
  xdp: {
    program: XDP, modules: 'xsk_diag', shows: /lo:q0/,
    lines: ['--xdp -a', '--xdp', '--xdp -ane', '--xdp -anemp', '--xdp -aeO', '-f xdp -an', '-A xdp -an', '-l --xdp', '--xdp -HQa', '--xdp -anmO'],
  },
  tipc: {
    program: TIPC, modules: 'tipc tipc_diag', shows: /^ESTAB .* 0:/m,
    lines: ['--tipc', '--tipc -an', '--tipc -anp', '--tipc -an --tipcinfo', '--tipc -a --tipcinfo -O', '--tipc -l', '-f tipc state listening', '-A tipc -an', '--tipc -am', '--tipc -Han', '--tipc -Q'],
  },
};

describe.skipIf(lacking)('both print alike', () => {
  test.each(Object.entries(families))('%s', async (name, { program, modules, shows, lines, means = [] }) => {
    spawnSync('modprobe', ['-a', '-q', ...modules.split(' ')]);
    writeFileSync('/run/families.pl', program);
    const { stdout } = await sh(`ip netns add families && ip -n families link set lo up && { ${inside('perl /run/families.pl')} </dev/null >/run/families.log 2>&1 & echo $!; }`), pid = Number(stdout);
    try {
      const log = await until('the sockets', async () => { const said = (await sh('cat /run/families.log')).stdout; return said !== '' && said; });
      const asked = lines[0] as string, shown = log === 'ready\n' && shows.test((await sh(inside(`ss ${asked.split(' ')[0] as string} -an`))).stdout);
      if (!shown) return console.warn(`skipped: this kernel (${kernelVersion()}) has, or tells, no sockets of ${name}: ${log.trim()}`);
      for (const line of lines) {
        const theirs = await sh(inside(`ss ${line}`)), ours = await nlkit(`ss -N families ${line}`);
        expect.soft({ line, ...ours, stdout: still(ours.stdout) }).toEqual({ line, ...theirs, stderr: '', stdout: still(theirs.stdout) });
      }
      for (const [line, sockets] of means) expect.soft({ line, sockets: (await nlkit(`ss -N families ${line}`)).stdout.split('\n').length - 1 }).toEqual({ line, sockets });
      if (name === 'tipc') {
        const diag = openSync({ namespace: { name: 'families' } });
        expect.soft(diag.tipc.list().map(({ sock }) => sock?.ref).filter((port) => port !== undefined).length).toBeGreaterThan(3);
        diag.close();
      }
      const all = JSON.parse((await nlkit(`ss -N families -j -aemp ${asked.split(' ')[0] as string}`)).stdout) as { netid: string }[];
      expect(all.length).toBeGreaterThan(1);
    } finally { await sh(`kill ${pid}; wait; ip netns del families`); }
  }, 120_000);
});
