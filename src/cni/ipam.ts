/** Who gives addresses: the plugins that are built in, called on the spot, or another program of CNI_PATH. */
import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { CniError, codes, failure } from './error.ts';
import type { Plugin } from './plugin.ts';
import { hostLocal } from './plugins/host-local.ts';
import { staticIpam } from './plugins/static.ts';
import type { Command, CniRequest } from './request.ts';
import { readResult, type Result } from './result.ts';
import type { Undo } from './side.ts';
import { atLeast } from './version.ts';

/** Plugins that give addresses need no firewall. */
type Ipam = Plugin & { add(request: CniRequest): Result; del(request: CniRequest): void; check(request: CniRequest): void; gc?(request: CniRequest): void };
export const builtIn: Readonly<Record<string, Ipam>> = { 'host-local': hostLocal, static: staticIpam };

/** Addresses for an attachment, given back when a later step fails. @throws {CniError} when there are none */
export function addIpam(request: CniRequest, undo: Undo): Result {
  const own = pick(request), result = own ? own.add(request) : readResult(JSON.parse(delegate(request, 'ADD')), request.version);
  undo.push(() => delIpam(request));
  if (!result.ips?.length) throw failure('IPAM plugin returned missing IP config');
  return result;
}
export function delIpam(request: CniRequest): void {
  const own = pick(request);
  if (own) own.del(request);
  else delegate(request, 'DEL');
}
export function checkIpam(request: CniRequest): void {
  const own = pick(request);
  if (own) own.check(request);
  else if (atLeast(request.version, '0.4.0')) delegate(request, 'CHECK');
}
export function statusIpam(request: CniRequest): void {
  if (request.ipam.type === '') return;
  const own = pick(request);
  if (own) own.status?.(request);
  else delegate(request, 'STATUS');
}
export function gcIpam(request: CniRequest): void {
  if (request.ipam.type === '') return;
  const own = pick(request);
  if (own) own.gc?.(request);
  else delegate(request, 'GC');
}

const pick = ({ ipam: { type } }: CniRequest): Ipam | undefined => (Object.hasOwn(builtIn, type) ? builtIn[type] : undefined);

/** Runs the program with the call as it came, and the command. @returns what it printed @throws {CniError} what it said */
function delegate({ ipam: { type }, path, input, env }: CniRequest, command: Command): string {
  if (type === '') throw failure('no plugin name provided');
  if (type.includes('/')) throw failure(`invalid plugin name: ${type}`);
  const program = path.map((folder) => join(folder, type)).find(isProgram);
  if (program === undefined) throw failure(`failed to find plugin "${type}" in path [${path.join(' ')}]`);
  // Read when it is needed: those that are built in start nothing.
  const { status, stdout, stderr, error } = process.getBuiltinModule('node:child_process').spawnSync(program, [], { input, env: { ...env, CNI_COMMAND: command }, encoding: 'utf8' });
  if (error) throw failure(`${program}: ${error.message}`);
  if (status === 0) return stdout;
  const said = refusalIn(stdout);
  throw new CniError(said?.code ?? codes.failed, said?.msg ?? `netplugin failed: ${JSON.stringify(stderr.trim() || stdout.trim())}`, said?.details);
}
function isProgram(file: string): boolean {
  try { accessSync(file, constants.X_OK); return statSync(file).isFile(); } catch { return false; }
}
function refusalIn(text: string): { code?: number; msg?: string; details?: string } | undefined {
  try { return JSON.parse(text) as { code?: number; msg?: string; details?: string }; } catch { return undefined; }
}
