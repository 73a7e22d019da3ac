/** What a runtime asks for: its environment variables and the configuration on standard input, checked. */
import { codes, CniError, misconfigured } from './error.ts';
import { object, readFields, text, type Values } from './fields.ts';
import { readResult, type Dns, type Result } from './result.ts';
import { atLeast, versionOf, type Version } from './version.ts';

export type Command = 'ADD' | 'DEL' | 'CHECK' | 'STATUS' | 'GC';
type Variable = 'CNI_CONTAINERID' | 'CNI_NETNS' | 'CNI_IFNAME' | 'CNI_PATH';

/** Which variables each command needs, and since when there is that command. */
const COMMANDS: { readonly [C in Command]: { readonly needs: readonly Variable[]; readonly since: Version } } = {
  ADD: { needs: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'], since: '0.1.0' },
  DEL: { needs: ['CNI_CONTAINERID', 'CNI_IFNAME', 'CNI_PATH'], since: '0.1.0' },
  CHECK: { needs: ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH'], since: '0.4.0' },
  STATUS: { needs: ['CNI_PATH'], since: '1.1.0' },
  GC: { needs: ['CNI_PATH'], since: '1.1.0' },
};

/** What every configuration may hold; each plugin has a table of its own keys. */
const common = { name: text(''), type: text(''), ipam: object, dns: object, args: object, runtimeConfig: object, prevResult: object, 'cni.dev/valid-attachments': { is: Array.isArray, what: 'a list', fallback: undefined } };

/** One call of a plugin. */
export interface CniRequest {
  readonly command: Command;
  readonly containerId: string;
  /** Path of the network namespace; '' when there is none any more. */
  readonly netns: string;
  readonly ifname: string;
  /** CNI_ARGS: 'KEY=VALUE;...'. */
  readonly args: Readonly<Record<string, string>>;
  /** Folders of plugins. */
  readonly path: readonly string[];
  readonly version: Version;
  readonly name: string;
  readonly type: string;
  readonly dns: Dns;
  /** Who gives addresses, in its own words; '' is nobody. */
  readonly ipam: Readonly<Record<string, unknown>> & { readonly type: string };
  readonly prevResult: Result | undefined;
  /** Attachments that are still in use, for GC. */
  readonly valid: readonly { readonly containerID: string; readonly ifname: string }[];
  /** All of it, for the plugin's own keys. */
  readonly config: Readonly<Record<string, unknown>>;
  /** As it was given, for plugins that this one calls. */
  readonly input: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const isCommand = (word: string): word is Command => Object.hasOwn(COMMANDS, word);
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** Reads and checks a call, in the order in which the reference plugins do. @throws {CniError} */
export function readRequest(env: Readonly<Record<string, string | undefined>>, input: string): CniRequest {
  const word = env['CNI_COMMAND'] ?? '', known = isCommand(word) ? COMMANDS[word] : undefined;
  const missing = known?.needs.filter((name) => !env[name]) ?? [];
  if (missing.length > 0) throw new CniError(codes.environment, `required env variables [${missing.join(',')}] missing`);
  const config = parse(input);
  const given = (name: Variable): string => env[name] ?? '';
  const values = readFields(common, config);
  if (word !== 'GC' && word !== 'STATUS') checkName(given('CNI_CONTAINERID'), given('CNI_IFNAME'));
  checkNetwork(values.name);
  if (!known) throw new CniError(codes.environment, `unknown CNI_COMMAND: ${word}`);
  const version = versionOf(config['cniVersion']);
  if (!atLeast(version, known.since)) throw new CniError(codes.version, `config version does not allow ${word}`);
  return {
    command: word as Command, version, config, input, env, containerId: given('CNI_CONTAINERID'), netns: given('CNI_NETNS'), ifname: given('CNI_IFNAME'),
    args: readArgs(env['CNI_ARGS'] ?? ''), path: given('CNI_PATH').split(':').filter(Boolean), name: values.name, type: values.type,
    dns: (values.dns ?? {}) as Dns, ipam: ipamOf(values), prevResult: values.prevResult && readResult(values.prevResult, version), valid: validOf(values['cni.dev/valid-attachments']),
  };
}

function parse(input: string): Record<string, unknown> {
  let config: unknown;
  try { config = JSON.parse(input); } catch (error) { throw new CniError(codes.decode, `error unmarshall network config: ${(error as Error).message}`, undefined, error); }
  if (typeof config !== 'object' || config === null || Array.isArray(config)) throw new CniError(codes.decode, 'error unmarshall network config: it is not an object');
  return config as Record<string, unknown>;
}
function checkName(containerId: string, ifname: string): void {
  const bad = (message: string, details?: string): never => { throw new CniError(codes.environment, message, details); };
  if (containerId !== '' && !NAME.test(containerId)) bad('invalid characters in containerID', containerId);
  if (new TextEncoder().encode(ifname).length > 15) bad('interface name is too long', 'interface name should be less than 16 characters');
  if (ifname === '.' || ifname === '..') bad('interface name is . or ..');
  if (/[/:\s]/.test(ifname)) bad('interface name contains / or : or whitespace characters');
}
function checkNetwork(name: string): void {
  if (name === '') throw misconfigured('missing network name');
  if (!NAME.test(name)) throw new CniError(codes.config, 'invalid characters found in network name', name);
}
function ipamOf({ ipam }: Values<typeof common>): CniRequest['ipam'] {
  return { ...ipam, type: readFields({ type: text('') }, ipam ?? {}, 'ipam.').type };
}
function validOf(given: unknown): CniRequest['valid'] {
  return ((given ?? []) as Record<string, unknown>[]).map((entry) => {
    const { containerID, ifname } = entry ?? {};
    if (typeof containerID !== 'string' || typeof ifname !== 'string') throw misconfigured('cni.dev/valid-attachments must be a list of { containerID, ifname }');
    return { containerID, ifname };
  });
}

function readArgs(given: string): Record<string, string> {
  return Object.fromEntries(given.split(';').filter(Boolean).map((pair) => {
    const at = pair.indexOf('=');
    if (at <= 0) throw new CniError(codes.environment, `ARGS: invalid pair "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)];
  }));
}
/** The arguments that a plugin knows. `IgnoreUnknown=1` lets others pass. @throws {CniError} */
export function knownArgs({ args }: CniRequest, known: readonly string[]): Readonly<Record<string, string>> {
  const stray = Object.keys(args).filter((key) => key !== 'IgnoreUnknown' && !known.includes(key));
  if (stray.length > 0 && !/^(1|t|true)$/i.test(args['IgnoreUnknown'] ?? '')) throw new CniError(codes.environment, `ARGS: unknown args [${stray.map((key) => `"${key}=${args[key]}"`).join(' ')}]`);
  return args;
}
