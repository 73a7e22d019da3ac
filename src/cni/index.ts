/** CNI plugins (https://www.cni.dev/docs/spec/) as functions: what the program `nlkit-cni` runs. */
export { answer, plugins, type Answer } from './run.ts';
export { CniError, codes } from './error.ts';
export type { Plugin } from './plugin.ts';
export { readRequest, type CniRequest, type Command } from './request.ts';
export { readResult, resultJson, type AddressResult, type Dns, type Interface, type Result, type RouteResult } from './result.ts';
export { NEWEST, VERSIONS, type Version } from './version.ts';
