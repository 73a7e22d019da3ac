/**
 * NETLINK_CONNECTOR: messages of drivers, of which those of processes are declared: who forks, executes, exits. Source: include/uapi/linux/connector.h,
 * cn_proc.h, drivers/connector/connector.c, cn_proc.c. Its messages have no types: all are NLMSG_DONE. It is heard in the first network namespace only.
 */
import { blob, chars, enumeration, flags, protocol, s32, struct, tail, u16, u32, u64, union, variant, binary } from '../codec/index.ts';

const procEvents = { none: 0, fork: 1, exec: 2, uid: 4, gid: 0x40, sid: 0x80, ptrace: 0x100, comm: 0x200, nonzeroExit: 0x20000000, coredump: 0x40000000, exit: 0x80000000 } as const;
const { none: _none, ...procEventBits } = procEvents;
const process = { processPid: s32, processTgid: s32 }, parent = { parentPid: s32, parentTgid: s32 };

export class ForkEvent extends struct('fork_proc_event', { ...parent, childPid: s32, childTgid: s32 }) {}
export class ExecEvent extends struct('exec_proc_event', process) {}
/** Of `uid`, ids of a user, real and effective; of `gid`, of a group. */
export class IdEvent extends struct('id_proc_event', { ...process, r: u32, e: u32 }) {}
export class SidEvent extends struct('sid_proc_event', process) {}
/** Tracer 0: no longer traced. */
export class PtraceEvent extends struct('ptrace_proc_event', { ...process, tracerPid: s32, tracerTgid: s32 }) {}
export class CommEvent extends struct('comm_proc_event', { ...process, comm: chars(16) }) {}
export class CoredumpEvent extends struct('coredump_proc_event', { ...process, ...parent }) {}
/** `exitCode` as wait(2) has it: the signal in its lowest 7 bits, the status above 8. */
export class ExitEvent extends struct('exit_proc_event', { ...process, exitCode: u32, exitSignal: u32, ...parent }) {}
/** The answer to who listens: an errno, or 0. */
export class ProcAck extends struct('ack', { err: u32 }) {}

export class ProcEvent extends struct('proc_event', {
  what: enumeration(u32, procEvents, 'PROC_EVENT_'),
  /** Where it happened. */
  cpu: u32,
  /** Nanoseconds since the machine was started. */
  timestampNs: u64,
  eventData: union('what', {
    none: ProcAck, fork: ForkEvent, exec: ExecEvent, uid: IdEvent, gid: IdEvent, sid: SidEvent, ptrace: PtraceEvent, comm: CommEvent, coredump: CoredumpEvent, exit: ExitEvent,
  }, blob(24)),
}) {}

const header = {
  /** Which driver, and which of its kinds of messages. */
  idx: enumeration(u32, { proc: 1, cifs: 2, w1: 3, v86d: 4, bb: 5, dst: 6, dm: 7, drbd: 8, kvp: 9, vss: 10 }, 'CN_IDX_'),
  val: u32,
  /** The sender's number; what it answers. */
  seq: u32,
  ack: u32,
  /** Bytes that follow. */
  len: u16,
  flags: u16,
} as const;
class CnMsg extends struct('cn_msg, its cb_id flat', header) {}
/** Listening, or no longer. `eventType`: which events only, from kernel 6.6 on, where `len` counts it: 8, not 4. */
export class ProcInput extends struct('proc_input', {
  mcastOp: enumeration(u32, { listen: 1, ignore: 2 }, 'PROC_CN_MCAST_'),
  eventType: flags(u32, procEventBits, 'PROC_EVENT_'),
}) {}
const other = tail(CnMsg, 'data', binary);

export const connectorMessage = variant(CnMsg, 'idx', { proc: tail(CnMsg, 'event', ProcEvent) }, other);
export const connectorRequest = variant(CnMsg, 'idx', { proc: tail(CnMsg, 'input', ProcInput) }, other);

export const connector = protocol('connector', 11, {
  prefix: 'NLMSG_',
  messages: { done: [3, connectorMessage, 'NLMSG_DONE', connectorRequest] },
  groups: { proc: [1, 'CN_IDX_PROC'], cifs: [2, 'CN_IDX_CIFS'], w1: [3, 'CN_W1_IDX'], dm: [7, 'CN_IDX_DM'], drbd: [8, 'CN_IDX_DRBD'], kvp: [9, 'CN_KVP_IDX'], vss: [10, 'CN_VSS_IDX'] },
});
