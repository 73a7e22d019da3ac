/** The one BPF program that VRF needs: sockets made in a control group are bound to an interface. */
import { libc } from '../socket/libc.ts';
import { systemError } from '../socket/netlink-error.ts';
import { attachToGroup, loadProgram } from './call.ts';

const BPF_CGROUP_INET_SOCK_CREATE = 2;

/** One instruction: operation, registers, immediate value. */
const instruction = (operation: number, destination: number, source: number, value: number): number[] => [operation | (destination << 8) | (source << 12), value];

/** `context->bound_dev_if = index; return 1`: the field is the first of struct bpf_sock. */
const program = (index: number): Uint8Array => new Uint8Array(Int32Array.of(
  ...instruction(0xb7, 3, 0, index),
  ...instruction(0x63, 1, 3, 0),
  ...instruction(0xb7, 0, 0, 1),
  ...instruction(0x95, 0, 0, 0),
).buffer);

/**
 * Binds the sockets that processes of a control group will make to an interface.
 * @param group Descriptor of the control group's directory.
 * @throws {NetlinkError} EPERM (CAP_BPF, CAP_NET_ADMIN), EINVAL for a kernel without CONFIG_CGROUP_BPF
 */
export function bindSocketsOf(group: number, index: number): void {
  const { result } = loadProgram({ name: '', type: 'cgroupSock', instructions: program(index), license: 'GPL' }, 0);
  if (result < 0) throw systemError(-result, 'bpf', undefined, 'CAP_BPF');
  try {
    attachToGroup(group, result, BPF_CGROUP_INET_SOCK_CREATE);
  } finally {
    libc().close(result);
  }
}
