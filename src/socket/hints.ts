/** What to do about the refusals that puzzle people: a table, most telling row first. */
import { errnoNumber } from './errno.ts';
import type { ExtendedAck } from './netlink-error.ts';

export interface Hint {
  code: string;
  /** The message types that it is about; absent: all. */
  types?: readonly string[];
  /** How the names of these message types begin: those of a family. */
  prefix?: string;
  /** The refused attribute's path, when the kernel named one. */
  path?: RegExp;
  /** The link kinds that it is about; absent: all. */
  kinds?: readonly string[];
  /** Only of requests that make something, or only of those that do not (NLM_F_CREATE). */
  creates?: boolean;
  /** What the kernel says beside the number, where it says anything. */
  message?: RegExp;
  text: string;
}

const links = ['RTM_NEWLINK', 'RTM_SETLINK'], newState = ['XFRM_MSG_NEWSA', 'XFRM_MSG_UPDSA'];

const hints: readonly Hint[] = [
  { code: 'EBUSY', types: links, kinds: ['macvlan', 'macvtap', 'ipvlan', 'ipvtap'], text: 'the lower device already has a master or a receive handler: a bridge port, a bond slave or the parent of another kind cannot carry it; take it out of the bridge, or put the device on the bridge itself' },
  { code: 'EBUSY', types: links, text: 'the device is in use: it has a master already, must be down for this, or carries macvlan or ipvlan devices' },
  { code: 'EOPNOTSUPP', types: ['RTM_NEWLINK'], creates: true, message: /^Unknown device type/, text: 'this kernel does not know the link kind: its module is missing or not loaded ("modprobe KIND")' },
  { code: 'EOPNOTSUPP', types: links, creates: false, text: 'the device, its driver or its kind has no such setting, or cannot change it' },
  { code: 'EOPNOTSUPP', types: ['RTM_DELLINK'], text: 'the device is not one that can be deleted: it is hardware, or the namespace\'s own' },
  { code: 'ENOSYS', types: newState, text: 'this kernel lacks the algorithm, or takes it with keys of another size: /proc/crypto has those that are loaded' },
  { code: 'EPROTONOSUPPORT', types: newState, text: 'this kernel lacks the protocol, or its module is not loaded ("modprobe -a esp4 esp6", ah4, ipcomp, xfrm_iptfs ...)' },
  { code: 'EPROTONOSUPPORT', prefix: 'XFRM_MSG_', text: 'this kernel lacks it' },
  { code: 'EEXIST', types: ['XFRM_MSG_NEWSA'], text: 'a state with that destination, SPI, protocol and mark exists; "update" changes it' },
  { code: 'ESRCH', types: ['XFRM_MSG_UPDSA'], text: 'no state has that destination, SPI, protocol and mark; "add" makes it' },
  { code: 'ESRCH', types: ['XFRM_MSG_GETSA', 'XFRM_MSG_DELSA', 'XFRM_MSG_GETAE', 'XFRM_MSG_NEWAE', 'XFRM_MSG_MIGRATE_STATE'], text: 'no state has that destination, SPI, protocol and mark' },
  { code: 'EINVAL', types: ['XFRM_MSG_UPDSA'], text: 'a state that has its keys keeps them, and its mode and addresses: delete it, and add the new one' },
  { code: 'EEXIST', types: ['XFRM_MSG_NEWPOLICY'], text: 'a policy with that selector, direction, priority and mark exists; "update" puts another in its place' },
  { code: 'ENOENT', types: ['XFRM_MSG_GETPOLICY', 'XFRM_MSG_DELPOLICY'], text: 'no policy matches: selector, direction, type, mark and if_id must be those of the policy, or its index' },
  { code: 'ENOENT', types: ['XFRM_MSG_ALLOCSPI'], text: 'no SPI of that range is free' },
  { code: 'ENOPROTOOPT', prefix: 'XFRM_MSG_MIGRATE', text: 'this kernel was built without CONFIG_XFRM_MIGRATE' },
  { code: 'EINVAL', types: ['XFRM_MSG_MIGRATE_STATE'], text: 'kernels before 7.1 move states with their policies only' },
  { code: 'EOPNOTSUPP', prefix: 'ETHTOOL_MSG_', text: 'the device\'s driver has no such setting' },
  { code: 'EOPNOTSUPP', text: 'the kernel lacks this feature, or its module is not loaded' },
  { code: 'EEXIST', types: ['RTM_NEWLINK'], text: 'a device of that name exists in the namespace' },
  { code: 'EEXIST', types: ['RTM_NEWADDR'], text: 'the device has that address already; "replace" changes it' },
  { code: 'EEXIST', types: ['RTM_NEWROUTE'], text: 'the table has that route already; "replace" changes it' },
  { code: 'EEXIST', types: ['RTM_NEWRULE', 'RTM_NEWNEIGH'], text: 'it exists already' },
  { code: 'EEXIST', types: ['RTM_NEWQDISC'], text: 'a qdisc is there already; "replace" puts another in its place' },
  { code: 'ENOENT', types: ['RTM_NEWQDISC'], text: 'nothing is at the parent that is named, or the kernel lacks the kind of qdisc: its module is missing or not loaded ("modprobe sch_KIND")' },
  { code: 'ENOENT', types: ['RTM_NEWTFILTER', 'RTM_NEWACTION'], text: 'the kernel lacks the kind of filter or action: its module is missing or not loaded ("modprobe cls_KIND", "modprobe act_KIND")' },
  { code: 'EINVAL', types: ['RTM_NEWTFILTER'], message: /^Parent Qdisc/, text: 'filters stand at a qdisc, which is not there: for what comes in or goes out of a device, "clsact"' },
  { code: 'EPERM', types: ['RTM_DELACTION'], text: 'or a filter still uses the action' },
  { code: 'EPERM', types: ['RTM_NEWNEIGH'], text: 'or a bridge port that neither learns nor forwards (it is down, or blocked) takes permanent and static entries only' },
  { code: 'ENODEV', types: ['RTM_NEWROUTE'], text: 'a route needs a way out: a gateway ("via") in a subnet of a device, or a device ("dev")' },
  { code: 'ENODEV', text: 'no such device in this network namespace: names and indexes differ from namespace to namespace' },
  { code: 'ESRCH', types: ['RTM_DELROUTE'], text: 'no route matches: prefix, table, metric and type must be those of the route' },
  { code: 'ESRCH', types: ['RTM_NEWLINK', 'RTM_SETLINK'], text: 'no process has that id here: a pid names a namespace only in the same pid namespace' },
  { code: 'EPERM', types: ['NFQNL_MSG_CONFIG'], text: 'or another socket has that queue: /proc/net/netfilter/nfnetlink_queue tells its port' },
  { code: 'EPERM', types: ['NFULNL_MSG_CONFIG'], text: 'or another socket has that group: /proc/net/netfilter/nfnetlink_log tells its port' },
  { code: 'ENOENT', types: ['NFQNL_MSG_VERDICT', 'NFQNL_MSG_VERDICT_BATCH'], text: 'no such packet waits: each gets one verdict' },
  { code: 'ENOENT', types: ['CTRL_CMD_GETFAMILY'], text: 'this kernel has no such family of generic netlink: its module is missing or not loaded ("genl ctrl list" tells those that are there)' },
  { code: 'ENETUNREACH', types: ['RTM_NEWROUTE'], text: 'the gateway is not reachable: no address of the device is in its subnet, or the device is down' },
  { code: 'EHOSTUNREACH', types: ['RTM_NEWROUTE'], text: 'the gateway is not reachable: no address of the device is in its subnet, or the gateway is this host itself' },
  { code: 'EADDRNOTAVAIL', types: links, text: 'a hardware address is neither all zeros nor a group address (lowest bit of the first byte)' },
  { code: 'EADDRNOTAVAIL', types: ['RTM_DELADDR'], text: 'the device does not have that address with that prefix length' },
  { code: 'ERANGE', path: /(^|\.)altIfname/, text: 'an alternative name holds at most 127 bytes' },
  { code: 'ERANGE', path: /(^|\.)ifname$/, text: 'an interface name holds at most 15 bytes' },
  { code: 'ENOTCONN', types: links, text: 'the end of a pair cannot be brought up before the pair exists: make it first, then set it up' },
  { code: 'EINVAL', path: /(^|\.)ifname$/, text: 'an interface name is 1 to 15 bytes without "/", ":" or white space' },
  { code: 'EINVAL', types: ['RTM_NEWLINK'], creates: true, kinds: ['macvlan', 'macvtap', 'ipvlan', 'ipvtap', 'vlan'], text: 'this kind sits on a lower device: give "link", and check that its data is complete' },
];

/** All that is known of an error number. */
export const hintsFor = (errno: number): readonly Hint[] => hints.filter((hint) => errnoNumber(hint.code) === errno);

/** The hint for a refusal, if there is one. `kind` is the link kind that the request was about, `creates` whether it was to make something. */
export function hintFor(errno: number, type: string, extack?: ExtendedAck, kind?: string, creates = false): string | undefined {
  for (const hint of hints) {
    if (errnoNumber(hint.code) !== errno) continue;
    if ((hint.types && !hint.types.includes(type)) || (hint.prefix !== undefined && !type.startsWith(hint.prefix))) continue;
    if (hint.kinds && !(kind !== undefined && hint.kinds.includes(kind))) continue;
    if (hint.creates !== undefined && hint.creates !== creates) continue;
    if (hint.message && extack?.message !== undefined && !hint.message.test(extack.message)) continue;
    if (hint.path && !(extack?.path !== undefined && hint.path.test(extack.path))) continue;
    return hint.text;
  }
  return undefined;
}
