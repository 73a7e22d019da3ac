/** CNI plugins (https://www.cni.dev/docs/spec/) as functions: what the program `nlkit-cni` runs. */
import { firewall } from './firewall.ts';
import { answerWith, type Answer } from './run.ts';

export { plugins, type Answer } from './run.ts';
export type { CniRule, Firewall } from './firewall.ts';
export { CniError, codes } from './error.ts';
export type { Plugin } from './plugin.ts';
export { readRequest, type CniRequest, type Command } from './request.ts';
export { readResult, resultJson, type AddressResult, type Dns, type Interface, type Result, type RouteResult } from './result.ts';
export { NEWEST, VERSIONS, type Version } from './version.ts';

/**
 * Answers one call, in the thread's network namespace.
 * @param called the name that the program was called by: a plugin's; by any other name the configuration's `type` decides
 * @param env the variables of the specification: CNI_COMMAND, CNI_CONTAINERID, CNI_NETNS, CNI_IFNAME, CNI_ARGS, CNI_PATH
 * @param input the configuration
 * @returns what the program would print, and its exit status; a refusal is an answer, too
 */
export const answer = (called: string, env: Readonly<Record<string, string | undefined>>, input: string): Answer => answerWith(firewall, called, env, input);
