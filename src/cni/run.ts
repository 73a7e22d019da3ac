/** From a call to an answer. */
import { CniError, codes, errorJson } from './error.ts';
import { builtIn } from './ipam.ts';
import type { Plugin } from './plugin.ts';
import { bridge } from './plugins/bridge.ts';
import { loopback } from './plugins/loopback.ts';
import { ptp } from './plugins/ptp.ts';
import { ipvlan, macvlan } from './plugins/sublink.ts';
import { readRequest, type CniRequest } from './request.ts';
import { resultJson } from './result.ts';
import { NEWEST, VERSIONS, versionOf } from './version.ts';

/** By the name that a configuration and a file in CNI_PATH call it. */
export const plugins: Readonly<Record<string, Plugin>> = { bridge, ipvlan, loopback, macvlan, ptp, ...builtIn };
/** What the program prints, and its exit status. */
export interface Answer { readonly output: object | undefined; readonly status: 0 | 1 }

/**
 * Answers one call.
 * @param called the name that the program was called by: a plugin's; by any other name the configuration's `type` decides
 */
export function answer(called: string, env: Readonly<Record<string, string | undefined>>, input: string): Answer {
  if (env['CNI_COMMAND'] === 'VERSION') return { output: { cniVersion: NEWEST, supportedVersions: VERSIONS }, status: 0 };
  try {
    const request = readRequest(env, input), output = serve(pluginFor(called, request), request);
    return { output, status: 0 };
  } catch (error) { return { output: errorJson(error, saidVersion(input)), status: 1 }; }
}

/** @throws {CniError} */
function pluginFor(called: string, { type }: CniRequest): Plugin {
  const name = Object.hasOwn(plugins, called) ? called : type, plugin = Object.hasOwn(plugins, name) ? plugins[name] : undefined;
  if (!plugin) throw new CniError(codes.config, `no plugin of type ${JSON.stringify(name)}: ${Object.keys(plugins).join(', ')}`);
  return plugin;
}

function serve(plugin: Plugin, request: CniRequest): object | undefined {
  switch (request.command) {
    case 'ADD': return resultJson(plugin.add(request), request.version);
    case 'DEL': plugin.del(request); return undefined;
    case 'CHECK': plugin.check(request); return undefined;
    case 'STATUS': plugin.status?.(request); return undefined;
    case 'GC': plugin.gc?.(request); return undefined;
  }
}

/** The version that an error is told in: the configuration's, when it has a good one. */
function saidVersion(input: string): string | undefined {
  try { return versionOf((JSON.parse(input) as { cniVersion?: unknown }).cniVersion); } catch { return undefined; }
}
