/** nlkit: the netlink protocol in pure TypeScript. */
export * from './route/index.ts';
export * as namespace from './namespace/index.ts';
export * as netfilter from './netfilter/index.ts';
export { NetlinkError } from './socket/index.ts';
