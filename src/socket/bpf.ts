/** The one BPF program that VRF needs: sockets made in a control group are bound to an interface. bpf(2), include/uapi/linux/bpf.h. */
import { libc } from './libc.ts';
import { netlinkError, systemError } from './netlink-error.ts';
import { cString, memory } from './signatures.ts';

/** System calls are numbered by machine. */
const systemCall: Readonly<Record<string, number>> = { x64: 321, arm64: 280, riscv64: 280, loong64: 280, arm: 386, ia32: 357 };

const BPF_PROG_LOAD = 5, BPF_PROG_ATTACH = 8, BPF_PROG_TYPE_CGROUP_SOCK = 9, BPF_CGROUP_INET_SOCK_CREATE = 2;

function bpf(command: number, attributes: Uint8Array<ArrayBuffer>): number {
  const number = systemCall[process.arch];
  if (number === undefined) throw netlinkError('ERR_NETLINK_NO_TRANSPORT', `the number of bpf(2) on ${process.arch} is not known`);
  const c = libc();
  const result = c.syscall(c.size(number), command, c.pointer(attributes), attributes.length);
  if (result < 0) throw systemError(c.errno(), 'bpf', undefined, 'CAP_BPF');
  return result;
}

/** One instruction: operation, registers, immediate value. */
const instruction = (operation: number, destination: number, source: number, value: number): number[] => [operation | (destination << 8) | (source << 12), value];

/** `context->bound_dev_if = index; return 1`: the field is the first of struct bpf_sock. */
function program(index: number): Uint8Array<ArrayBuffer> {
  const words = [
    ...instruction(0xb7, 3, 0, index),
    ...instruction(0x63, 1, 3, 0),
    ...instruction(0xb7, 0, 0, 1),
    ...instruction(0x95, 0, 0, 0),
  ];
  const bytes = memory(words.length * 4);
  new Int32Array(bytes.buffer).set(words);
  return bytes;
}

/**
 * Binds the sockets that processes of a control group will make to an interface.
 * @param group Descriptor of the control group's directory.
 * @throws {NetlinkError} EPERM (CAP_BPF, CAP_NET_ADMIN), EINVAL for a kernel without CONFIG_CGROUP_BPF
 */
export function bindSocketsOf(group: number, index: number): void {
  const c = libc();
  const code = program(index), license = cString('GPL');
  const load = memory(48);
  const view = new DataView(load.buffer);
  view.setUint32(0, BPF_PROG_TYPE_CGROUP_SOCK, true);
  view.setUint32(4, code.length / 8, true);
  view.setBigUint64(8, c.address(code), true);
  view.setBigUint64(16, c.address(license), true);
  const fd = bpf(BPF_PROG_LOAD, load);
  try {
    const attach = memory(16);
    new Uint32Array(attach.buffer).set([group, fd, BPF_CGROUP_INET_SOCK_CREATE, 0]);
    bpf(BPF_PROG_ATTACH, attach);
  } finally {
    c.close(fd);
  }
}
