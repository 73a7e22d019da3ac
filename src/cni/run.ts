/** From a call to an answer. */
import { identify } from '../namespace/index.ts';
import { CniError, codes, errorJson } from './error.ts';
import type { Firewall } from './firewall.ts';
import { builtIn } from './ipam.ts';
import type { Plugin } from './plugin.ts';
import { bandwidth } from './plugins/bandwidth.ts';
import { bridge } from './plugins/bridge.ts';
import { firewall } from './plugins/firewall.ts';
import { hostDevice } from './plugins/host-device.ts';
import { loopback } from './plugins/loopback.ts';
import { portmap } from './plugins/portmap.ts';
import { ptp } from './plugins/ptp.ts';
import { sbr } from './plugins/sbr.ts';
import { ipvlan, macvlan, vlan } from './plugins/sublink.ts';
import { tuning } from './plugins/tuning.ts';
import { vrf } from './plugins/vrf.ts';
import { readRequest, type CniRequest } from './request.ts';
import { resultJson } from './result.ts';
import { NEWEST, VERSIONS, versionOf } from './version.ts';

/** By the name that a configuration and a file in CNI_PATH call it. */
export const plugins: Readonly<Record<string, Plugin>> = { bandwidth, bridge, firewall, 'host-device': hostDevice, ipvlan, loopback, macvlan, portmap, ptp, sbr, tuning, vlan, vrf, ...builtIn };
/** What VERSION answers. */
export const versionJson = { cniVersion: NEWEST, supportedVersions: VERSIONS };
/** What the program prints, and its exit status. */
export interface Answer { readonly output: object | undefined; readonly status: 0 | 1 }

/**
 * Answers one call.
 * @param called the name that the program was called by: a plugin's; by any other name the configuration's `type` decides
 */
export function answerWith(rules: Firewall, called: string, env: Readonly<Record<string, string | undefined>>, input: string): Answer {
  if (env['CNI_COMMAND'] === 'VERSION') return { output: versionJson, status: 0 };
  try {
    const request = readRequest(env, input), output = serve(pluginFor(called, request), request, rules);
    return { output, status: 0 };
  } catch (error) { return { output: errorJson(error, saidVersion(input)), status: 1 }; }
}

/** @throws {CniError} */
function pluginFor(called: string, { type }: CniRequest): Plugin {
  const name = Object.hasOwn(plugins, called) ? called : type, plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (!plugin) throw new CniError(codes.config, `no plugin of type ${JSON.stringify(name)}: ${Object.keys(plugins).join(', ')}`);
  return plugin;
}

function serve(plugin: Plugin, request: CniRequest, rules: Firewall): object | undefined {
  switch (request.command) {
    case 'ADD': assertApart(request); return resultJson(plugin.add(request, rules), request.version);
    case 'DEL': plugin.del(request, rules); return undefined;
    case 'CHECK': plugin.check(request, rules); return undefined;
    case 'STATUS': plugin.status?.(request); return undefined;
    case 'GC': plugin.gc?.(request, rules); return undefined;
  }
}

/** A plugin that gave its own namespace an interface would take the host for a container. @throws {CniError} as libcni's plugins since 1.2.0, where CNI_NETNS_OVERRIDE says that it is meant */
function assertApart({ netns, env }: CniRequest): void {
  if (['true', '1'].includes((env['CNI_NETNS_OVERRIDE'] ?? '').toLowerCase())) return;
  const own = identify('/proc/thread-self/ns/net'), theirs = identify(netns);
  if (own && theirs && own.dev === theirs.dev && own.ino === theirs.ino) throw new CniError(codes.namespace, 'plugin\'s netns and netns from CNI_NETNS should not be the same');
}

/** The version that an error is told in: the configuration's, when it has a good one. */
function saidVersion(input: string): string | undefined {
  try { return versionOf((JSON.parse(input) as { cniVersion?: unknown }).cniVersion); } catch { return undefined; }
}

/** Whether a call may need the firewall, by its text: reading nf_tables' schemas takes longer than most of what is done without. */
export const needsFirewall = (input: string): boolean => /"(ipMasq|portMappings|portmap|firewall)"/.test(input);
