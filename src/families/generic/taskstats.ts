/** TASKSTATS: what processes used and waited for; how many of a control group run or wait. Source: include/uapi/linux/taskstats.h, include/uapi/linux/cgroupstats.h, kernel/taskstats.c. */
import { attrs, blob, chars, genericFamily, pad, string, struct, u16, u32, u64, u8 } from '../../codec/index.ts';
import { KernelTimespec } from './wireguard.ts';

/** What a task used. Older kernels tell less: what follows is left out. Times are nanoseconds where nothing else is said; `ac...time` are microseconds. */
export class Taskstats extends struct('taskstats', {
  version: u16, acExitcode: u32, acFlag: u8, acNice: u8, cpuCount: u64, cpuDelayTotal: u64, blkioCount: u64, blkioDelayTotal: u64, swapinCount: u64,
  swapinDelayTotal: u64, cpuRunRealTotal: u64, cpuRunVirtualTotal: u64, acComm: chars(32), acSched: u8, _acPad: blob(3), _pad: blob(4), acUid: u32,
  acGid: u32, acPid: u32, acPpid: u32, acBtime: u32, acEtime: u64, acUtime: u64, acStime: u64, acMinflt: u64, acMajflt: u64, coremem: u64,
  virtmem: u64, hiwaterRss: u64, hiwaterVm: u64, readChar: u64, writeChar: u64, readSyscalls: u64, writeSyscalls: u64, readBytes: u64, writeBytes: u64,
  cancelledWriteBytes: u64, nvcsw: u64, nivcsw: u64, acUtimescaled: u64, acStimescaled: u64, cpuScaledRunRealTotal: u64, freepagesCount: u64,
  freepagesDelayTotal: u64, thrashingCount: u64, thrashingDelayTotal: u64, acBtime64: u64, compactCount: u64, compactDelayTotal: u64, acTgid: u32,
  acTgetime: u64, acExeDev: u64, acExeInode: u64, wpcopyCount: u64, wpcopyDelayTotal: u64, irqCount: u64, irqDelayTotal: u64, cpuDelayMax: u64,
  cpuDelayMin: u64, blkioDelayMax: u64, blkioDelayMin: u64, swapinDelayMax: u64, swapinDelayMin: u64, freepagesDelayMax: u64, freepagesDelayMin: u64,
  thrashingDelayMax: u64, thrashingDelayMin: u64, compactDelayMax: u64, compactDelayMin: u64, wpcopyDelayMax: u64, wpcopyDelayMin: u64,
  irqDelayMax: u64, irqDelayMin: u64, cpuDelayMaxTs: KernelTimespec, blkioDelayMaxTs: KernelTimespec, swapinDelayMaxTs: KernelTimespec,
  freepagesDelayMaxTs: KernelTimespec, thrashingDelayMaxTs: KernelTimespec, compactDelayMaxTs: KernelTimespec, wpcopyDelayMaxTs: KernelTimespec,
  irqDelayMaxTs: KernelTimespec,
}) {}

/** How many tasks of a control group do what. */
export class Cgroupstats extends struct('cgroupstats', { nrSleeping: u64, nrRunning: u64, nrStopped: u64, nrUninterruptible: u64, nrIoWait: u64 }) {}
/** A task, or a whole process, by its number. */
export class TaskstatsOne extends attrs('TASKSTATS_TYPE_', { pid: [1, u32], tgid: [2, u32], stats: [3, Taskstats] }) {}

/** What is told. */
export class TaskstatsAnswer extends attrs('TASKSTATS_TYPE_', { aggrPid: [4, TaskstatsOne], aggrTgid: [5, TaskstatsOne], null: [6, pad] }) {}
/** What is asked for: a task, a process, or to be told of those that end on some processors ("0-3"). */
export class TaskstatsQuestion extends attrs('TASKSTATS_CMD_ATTR_', { pid: [1, u32], tgid: [2, u32], registerCpumask: [3, string], deregisterCpumask: [4, string] }) {}
/** Counts of a control group. */
export class CgroupstatsAnswer extends attrs('CGROUPSTATS_TYPE_', { cgroupStats: [1, Cgroupstats] }) {}
/** Which one: a descriptor of its folder. */
export class CgroupstatsQuestion extends attrs('CGROUPSTATS_CMD_ATTR_', { fd: [1, u32] }) {}

/** TASKSTATS. */
export const taskstats = genericFamily('TASKSTATS', 1, {
  prefix: 'TASKSTATS_CMD_',
  commands: {
    get: [1, TaskstatsQuestion],
    new: [2, TaskstatsAnswer],
    cgroupGet: [4, CgroupstatsQuestion, 'CGROUPSTATS_CMD_GET'],
    cgroupNew: [5, CgroupstatsAnswer, 'CGROUPSTATS_CMD_NEW'],
  },
  config: 'CONFIG_TASKSTATS',
});
