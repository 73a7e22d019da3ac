/** What tests of networks share: all of a machine's networking as text, and a process for one operation. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Captured } from '../../src/cli/output.ts';
import { run as runCommand } from '../../src/cli/run.ts';
import { enter, list } from '../../src/namespace/index.ts';
import { atRest, has, PATIENCE } from '../live/support.ts';
import { bundle } from './bundle.ts';

/** Counters, timers and what only time changes. */
const VOLATILE = [/^\s+valid_lft.*$/gm, /(hello|tcn|topology_change|gc|hold|message_age|forward_delay)_timer +[\d.]+/g, /expires \d+sec/g, /topology_change(_detected)? \d+/g, / tentative/g, /state (UP|DOWN|UNKNOWN|LOWERLAYERDOWN)/g, /NO-CARRIER,/g, /,LOWER_UP/g, / (linkdown|dead)/g];

/** Without a family, routes and neighbours of all are told. */
const ASKED = ['link', 'address', 'route show table all', 'rule', 'neighbour show nud permanent'];
const run = (command: string, args: string[], input?: string): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: PATIENCE, ...(input !== undefined && { input }) });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return `# ${command} ${args.join(' ')}\n${stdout}`;
};
/** Lines that iproute2 does not tell: all of /proc/sys/net/ipv{4,6}/conf. */
function settings(): string {
  const lines = [`ip_forward ${readFileSync('/proc/sys/net/ipv4/ip_forward', 'utf8')}`];
  for (const family of ['ipv4', 'ipv6']) for (const link of readdirSync(`/proc/sys/net/${family}/conf`).sort()) for (const key of readdirSync(`/proc/sys/net/${family}/conf/${link}`).sort()) {
    if (key !== 'stable_secret') lines.push(`${family} ${link} ${key} ${readFileSync(`/proc/sys/net/${family}/conf/${link}/${key}`, 'utf8').trim()}`);
  }
  return lines.join('\n');
}
function files(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile() && one.name !== 'lock' && !one.name.startsWith('last_reserved_ip.')) : [];
  return names.map((one) => join(one.parentPath, one.name)).sort().map((path) => `${path}: ${readFileSync(path, 'utf8')}`).join('\n');
}
/** Links, addresses, routes, rules, neighbours, forwarding entries, firewall and settings here and in all named namespaces; as iproute2, nft and /proc tell them; and our files. */
export function snapshot(state: string): string {
  const one = (): string => [run('ip', ['-d', '-batch', '-'], `${ASKED.join('\n')}\n`), run('bridge', ['fdb', 'show']), has('nft') ? run('nft', ['list', 'ruleset']) : '', settings()].join('\n');
  return VOLATILE.reduce((text, what) => text.replace(what, ''), [one(), ...list().sort().map((name) => `## ${name}\n${enter(name, one)}`), files(state)].join('\n'));
}

/** The same when nothing moves any more: addresses are checked for duplicates first, and a second passes. */
export const settled = (state: string): Promise<string> => atRest(() => snapshot(state), 500);
/**
 * A snapshot without numbers that only count up, without what a bridge keeps in the kernel once it had a port (a link-local address, and the
 * port's sizes), and without what bridges have learned from packets.
 */
export const plain = (text: string): string =>
  text.replace(/^.*(fe80:|ff00::|33:33:).*\n/gm, '').replace(/^[0-9a-f:]{17} dev \S+( vlan \d+)? master \S+ *\n/gm, '').replace(/tso_max_size \d+/g, '').replace(/^\d+: /gm, '').replace(/(@if|\bif)\d+/g, '').replace(/link-netnsid \d+/g, '').replace(/^\s*\n/gm, '');
/** Lines that one snapshot has and the other has not. */
export function changes(before: string, after: string): string[] {
  const [was, is] = [plain(before), plain(after)].map((text) => text.split('\n')) as [string[], string[]];
  return [...was.filter((line) => !is.includes(line)).map((line) => `- ${line}`), ...is.filter((line) => !was.includes(line)).map((line) => `+ ${line}`)];
}

let bundled: string | undefined;
const worker = (): string => (bundled ??= bundle(WORKER));
/** The program that does one operation. */
export const WORKER = 'test/support/network-worker.ts';
/** Runs one operation; `after` so many events it is killed (0: never). @param as what runs it with other rights, and the program that they may read */
export function inProcess(state: string, kind: string, args: unknown[], after = 0, { as = [], program = worker() }: { as?: readonly string[]; program?: string } = {}): { killed: boolean; status: number | null; stdout: string; stderr: string } {
  const { status, signal, stdout, stderr } = spawnSync('env', [...as, process.execPath, program, kind, JSON.stringify(args), String(after)], { encoding: 'utf8', timeout: PATIENCE, env: { ...process.env, NLKIT_STATE: state } });
  return { killed: signal === 'SIGKILL', status, stdout, stderr };
}
/** One command line of nlkit's. */
export async function cli(state: string, ...words: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const out = new Captured(), was = process.env['NLKIT_STATE'];
  process.env['NLKIT_STATE'] = state;
  try { return { status: await runCommand(words, out), stdout: out.stdout, stderr: out.stderr }; } finally {
    if (was === undefined) delete process.env['NLKIT_STATE'];
    else process.env['NLKIT_STATE'] = was;
  }
}
/** The same operations, several at once. */
export const inProcesses = (calls: readonly { kind: string; args: unknown[] }[]): Promise<string[]> => Promise.all(calls.map(({ kind, args }) => new Promise<string>((resolve, reject) => {
  const child = spawn(process.execPath, [worker(), kind, JSON.stringify(args)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', err = '';
  child.stdout.on('data', (chunk) => { out += String(chunk); });
  child.stderr.on('data', (chunk) => { err += String(chunk); });
  child.on('close', (status) => (status === 0 ? resolve(out) : reject(new Error(err))));
})));

/** Whether one namespace reaches an address, by the system's ping: one answer is enough, ports come up a little after they were plugged in. */
export const pings = (from: string, to: string): boolean => spawnSync('ip', ['netns', 'exec', from, 'ping', '-c', '4', '-i', '0.3', '-W', '1', '-n', to], { encoding: 'utf8' }).status === 0;
/** How long a thing that should not happen is waited for, in seconds: more where processes start slowly. */
const WAIT = 5 + PATIENCE / 40_000;
const said = (command: string, args: readonly string[]): Promise<{ status: number | null; stdout: string }> => new Promise((resolve) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
  child.on('close', (status) => resolve({ status, stdout }));
});
const within = (from: string): readonly string[] => (from === '' ? [] : ['ip', 'netns', 'exec', from]);
/** What a TCP server tells who calls it from a namespace ('': the host), by the shell; undefined when it is not reached. */
export async function dials(from: string, to: string, port: number): Promise<string | undefined> {
  const { status, stdout } = await said('timeout', [String(WAIT), ...within(from), 'bash', '-c', `exec 3<>/dev/tcp/${to}/${port} && cat <&3`]);
  return status === 0 ? stdout : undefined;
}
/** `pings`, beside others. */
export const reaches = async (from: string, to: string): Promise<boolean> => (await said('timeout', [String(2 * WAIT), ...within(from), 'ping', '-c', '4', '-i', '0.3', '-W', '1', '-n', to])).status === 0;
/** A TCP server in a namespace, of both families, that tells callers something and who they are. @returns what ends it */
export function serve(namespace: string, port: number, words: string): () => Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).end(`${words} ${socket.remoteAddress?.replace('::ffff:', '')}`));
  // Without a host the socket is bound before listen() returns.
  enter(namespace, () => server.listen(port));
  return () => new Promise((done) => { server.close(() => done()); });
}
/** Whether the kernel has a kind of link. */
export function kernelHas(kind: string, more = ''): boolean {
  const made = spawnSync('sh', ['-c', `ip link add nlprobe0 type veth peer name nlprobe1 && ip link add link nlprobe0 name nlprobe2 type ${kind} ${more}; s=$?; ip link del nlprobe0; exit $s`], { encoding: 'utf8' });
  return made.status === 0;
}
