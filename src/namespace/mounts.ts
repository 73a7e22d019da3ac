/** mount(2) and its kin. */
import { libc } from '../socket/libc.ts';
import { systemError } from '../socket/netlink-error.ts';
import { cString } from '../socket/signatures.ts';

export const MS_BIND = 0x1000, MS_REC = 0x4000, MS_SHARED = 1 << 20, MNT_DETACH = 2;

/** @returns 0 or the errno. The texts live until the call returns. */
export function mount(source: string, target: string, type: string, flags: number): number {
  const c = libc();
  const texts = [cString(source), cString(target), cString(type)] as const;
  const failed = c.mount(c.pointer(texts[0]), c.pointer(texts[1]), c.pointer(texts[2]), c.size(flags), c.nullPointer) < 0 ? c.errno() : 0;
  return texts.length === 3 ? failed : 0;
}

/** @returns 0 or the errno. */
export function unmount(target: string): number {
  const c = libc();
  const text = cString(target);
  const failed = c.umount2(c.pointer(text), MNT_DETACH) < 0 ? c.errno() : 0;
  return text.length > 0 ? failed : 0;
}

export const mountError = (errno: number, target: string, syscall = 'mount') => systemError(errno, syscall, target, 'CAP_SYS_ADMIN');
