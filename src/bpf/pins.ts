/** Where maps are pinned: folders of a file system of type bpf, laid out as iproute2 has them (its lib/bpf_legacy.c). */
import { mkdirSync, readFileSync, statfsSync, symlinkSync } from 'node:fs';
import type { ProgramType } from './call.ts';

/** A map is not what is pinned under its name, or cannot be pinned. */
export class PinError extends Error {
  override readonly name = 'PinError';
}

const BPF_FS_MAGIC = 0xcafe4a11;
const usualMounts = ['/sys/fs/bpf', '/bpf'], variable = 'TC_BPF_MNT';

/** Whether a path leads into a file system of type bpf. */
export function isBpfFs(path: string): boolean {
  try {
    return statfsSync(path).type === BPF_FS_MAGIC;
  } catch {
    return false;
  }
}

/** Of the file systems of type bpf the first that is found where one is looked for, or $TC_BPF_MNT. @throws {PinError} */
function mountPoint(): string {
  const said = process.env[variable];
  const mounted = (): string[] => readFileSync('/proc/mounts', 'utf8').split('\n').map((line) => line.split(' ')).filter(([, , type]) => type === 'bpf').map(([, at = '']) => at);
  const found = (said !== undefined ? [said] : usualMounts).find(isBpfFs) ?? (said === undefined ? mounted().find(isBpfFs) : undefined);
  if (found === undefined) throw new PinError(`there is no file system of type bpf to pin maps in: mount -t bpf bpf ${said ?? usualMounts[0]}`);
  return found;
}

/** One folder for all, which others lead to; in it one for what all objects share. */
const master = 'tc', shared = 'globals', others = ['xdp', 'ip'];
const folders: Partial<Record<ProgramType, string>> = { schedCls: 'tc', schedAct: 'tc', xdp: 'xdp', lwtIn: 'ip', lwtOut: 'ip', lwtXmit: 'ip', lwtSeg6Local: 'ip' };

/** As it is, where it is already. */
function unlessThere(make: () => unknown): void {
  try {
    make();
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
  }
}

/** The paths of an object's maps, whose folders are made when the first is asked for. */
export function pinPaths(object: Uint8Array, type: ProgramType): (name: string, space: 'globals' | 'object') => string {
  let base: string | undefined;
  return (name, space) => {
    if (base === undefined) {
      const at = mountPoint();
      for (const folder of [master, `${master}/${shared}`]) unlessThere(() => mkdirSync(`${at}/${folder}`, 0o700));
      for (const other of others) unlessThere(() => symlinkSync(`${at}/${master}/`, `${at}/${other}`));
      base = `${at}/${folders[type] ?? master}`;
    }
    const folder = `${base}/${space === 'globals' ? shared : process.getBuiltinModule('node:crypto').createHash('sha1').update(object).digest('hex')}`;
    unlessThere(() => mkdirSync(folder, 0o700));
    return `${folder}/${name}`;
  };
}
