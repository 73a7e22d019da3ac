/** Rows of the table of differences about `ovs-dpctl` of Open vSwitch 3.1. */
import type { Difference } from './differences.ts';

const live = { met: 'live/cli-dpctl' } as const, captured = { met: 'cli-dpctl' } as const;
const early = 'a mistake is said before it does something else';

export const dpctlDifferences: readonly Difference[] = [
  { id: 'dpctl-json', topic: 'json', command: 'dpctl -j show', theirs: 'no JSON', ours: 'datapaths, ports, flows and limits as JSON', why: 'programs read it', ...live },
  { id: 'dpctl-drop', topic: 'words', command: 'dpctl add-flow DP FLOW drop', theirs: 'an action with a number of its own, which kernels from 6.11 on have for something else and refuse; "drop" in sample(...) and clone(...) is not read', ours: 'no actions, which is what dropping is', why: 'flows that drop can be made', ...live },
  { id: 'dpctl-words', topic: 'words', command: "dpctl add-flow DP FLOW 'push_mpls(...),1'", theirs: 'prints hash, recirc in hex, push_mpls, pop_mpls, dec_ttl and the key nsh, and names of ports in actions, and does not read them', ours: 'reads what it prints', why: 'what is printed can be given back', ...live },
  { id: 'dpctl-userdata', topic: 'bytes', command: "dpctl add-flow DP FLOW 'userspace(pid=5)'", theirs: 'sends 48 zeros as what is to be told, and fills up what is given to 8 bytes', ours: 'sends what is given', why: 'what is read of it is what was said', ...live },
  { id: 'dpctl-zero', topic: 'print', command: 'dpctl dump-flows', theirs: 'leaves out tos=0 of a tunnel, though the flow goes by it', ours: 'tells it', why: 'what is printed can be given back', ...captured },
  { id: 'dpctl-md2', topic: 'print', command: 'dpctl dump-flows', theirs: 'leaves out the zeros that md2 begins with', ours: 'tells all of its bytes', why: 'what is printed can be given back', ...captured },
  { id: 'dpctl-comma', topic: 'print', command: 'dpctl dump-flows', theirs: '"eth()eth_type(0x0800)" where a flow does not go by ports', ours: 'a comma between', why: 'what is printed can be given back', ...captured },
  { id: 'dpctl-exthdrs', topic: 'print', command: 'dpctl dump-flows', theirs: '"key32(00 00/00 00)" of each flow of IPv6', ours: 'ipv6_exthdrs(hdrs=...), where a flow goes by it', why: 'as later versions', ...captured },
  { id: 'dpctl-hwid', topic: 'print', command: 'dpctl dump-flows', theirs: 'the lower four of six bits of the mask of hwid', ours: 'all six', why: 'what is printed can be given back', ...captured },
  { id: 'dpctl-types', topic: 'print', command: 'dpctl show', theirs: 'packet_type=ptap and erspan_ver=0, which the kernel does not have; question marks for counters of tunnels', ours: 'what the kernel has', why: 'the kernel is what is asked', ...live },
  { id: 'dpctl-undone', topic: 'words', command: 'dpctl add-dp DP PORT...', theirs: 'leaves the datapath and the ports that could be made', ours: 'leaves nothing where a port is refused', why: 'nothing is half done', ...live },
  { id: 'dpctl-file', topic: 'batch', command: 'dpctl add-flows DP FILE', theirs: 'goes on after a line that is refused, and ends with 0', ours: 'ends there, with the number of the line', why: early, ...live },
  { id: 'dpctl-options', topic: 'words', command: 'dpctl add-if DP vx0,type=vxlan,remote_ip=192.0.2.1', theirs: 'takes what the kernel is never told, and wants a remote_ip; options that it does not know are warned of', ours: 'takes "flow" for it, and refuses anything else', why: early, ...live },
  { id: 'dpctl-status', topic: 'status', command: 'dpctl', theirs: '1, whatever is wrong', ours: '1 for what is wrong with the line or is not there, 2 for what the kernel refused, 3 for want of a permission', why: 'a program can tell them apart', ...live },
];
