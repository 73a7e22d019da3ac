/** podman with a root, configuration and image of its own, below a folder; its CNI plugins are those of another folder. */
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATIENCE, sh } from '../live/support.ts';

export interface Ran { readonly status: number | null; readonly stdout: string; readonly stderr: string }
export interface Podman {
  /** Folder of conflists, podman's and others. */
  readonly networks: string;
  run(line: string): Ran;
  /** @throws {Error} with what podman said, when it fails */
  done(line: string): string;
}

/** `netavark`, podman's newer way, is not CNI; systemd and a log daemon there need not be. */
const configuration = (plugins: string, networks: string): string => `[network]
network_backend = "cni"
cni_plugin_dirs = ["${plugins}"]
network_config_dir = "${networks}"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`;
/** Says who asks: a page, and a program behind a page. */
const CALLER = '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n$REMOTE_ADDR\\n"\n';
export const IMAGE = 'box';

/** Makes the configuration and the image: busybox, and /www for its httpd. No registry is asked. */
export function podmanIn(folder: string, plugins: string): Podman {
  const networks = join(folder, 'networks'), image = join(folder, 'image'), file = join(folder, 'containers.conf');
  for (const path of [networks, join(image, 'bin'), join(image, 'www/cgi-bin'), join(image, 'tmp')]) mkdirSync(path, { recursive: true });
  writeFileSync(file, configuration(plugins, networks));
  copyFileSync(sh('command -v busybox'), join(image, 'bin/busybox'));
  for (const name of ['sh', 'ip', 'ping', 'sleep', 'httpd']) symlinkSync('busybox', join(image, 'bin', name));
  const caller = join(image, 'www/cgi-bin/caller');
  writeFileSync(caller, CALLER);
  chmodSync(caller, 0o755);
  const env = { ...process.env, CONTAINERS_CONF: file }, command = `podman --root ${folder}/root --runroot ${folder}/runroot --tmpdir ${folder}/tmp --storage-driver vfs`;
  const run = (line: string): Ran => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', `${command} ${line}`], { env, encoding: 'utf8', timeout: PATIENCE });
    return { status, stdout: stdout.trim(), stderr };
  };
  const done = (line: string): string => {
    const { status, stdout, stderr } = run(line);
    if (status !== 0) throw new Error(`podman ${line}: exit ${status}: ${stderr}${stdout}`);
    return stdout;
  };
  sh(`tar -C ${image} -cf ${folder}/image.tar . `);
  done(`import ${folder}/image.tar ${IMAGE}`);
  return { networks, run, done };
}

/** The plugins of podman's own conflist. */
export const pluginsOf = ({ networks }: Podman, name: string): { type: string }[] =>
  (JSON.parse(readFileSync(join(networks, `${name}.conflist`), 'utf8')) as { plugins: { type: string }[] }).plugins;

const GROUPS = '/sys/fs/cgroup', PARENT = 'libpod_parent';
/** Groups that podman leaves, in each hierarchy. */
export const groups = (): string[] => [GROUPS, ...readdirSync(GROUPS).map((name) => join(GROUPS, name))].flatMap((path) => {
  try { return readdirSync(path).includes(PARENT) ? [join(path, PARENT)] : []; } catch { return []; }
});
export function dropGroups(others: readonly string[]): void {
  for (const path of groups()) if (!others.includes(path)) {
    for (const name of readdirSync(path, { withFileTypes: true })) if (name.isDirectory()) rmdirSync(join(path, name.name));
    rmdirSync(path);
  }
}
