/** Which functions are called where: `nft list hooks`. Source: include/uapi/linux/netfilter/nfnetlink_hook.h, net/netfilter/nfnetlink_hook.c. */
import { attrs, be32, enumeration, message, sbe32, select, string } from '../../codec/index.ts';
import { hooknum } from './chain.ts';
import { family, Nfgenmsg } from './header.ts';

/** The chain, or the flow table, that is called. */
export class HookChain extends attrs('NFNLA_CHAIN_', { table: [1, string], family: [2, family], name: [3, string] }) {}
export class HookBpf extends attrs('NFNLA_HOOK_BPF_', { id: [1, be32] }) {}
export const hookInfo = attrs('NFNLA_HOOK_INFO_', {
  desc: [1, select('type', { nftables: HookChain, bpf: HookBpf, nftFlowtable: HookChain })],
  type: [2, enumeration(be32, { nftables: 1, bpf: 2, nftFlowtable: 3 }, 'NFNL_HOOK_TYPE_')],
});
export class HookFunctionAttrs extends attrs('NFNLA_HOOK_', {
  hooknum: [1, hooknum],
  priority: [2, sbe32],
  dev: [3, string],
  functionName: [4, string],
  moduleName: [5, string],
  chainInfo: [6, hookInfo],
}) {}
/** Asks for a hook, and is one function of it. */
export class HookFunction extends message('hookFunction', Nfgenmsg, HookFunctionAttrs) {}
