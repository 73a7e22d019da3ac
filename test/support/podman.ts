/** podman with a root, configuration and image of its own, below a folder; its CNI plugins are those of another folder. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATIENCE, sh } from '../live/support.ts';
import { boxIn } from './box.ts';

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
export const IMAGE = 'box';

/** Makes the configuration and the image. */
export function podmanIn(folder: string, plugins: string): Podman {
  const networks = join(folder, 'networks'), image = join(folder, 'image'), file = join(folder, 'containers.conf');
  mkdirSync(networks, { recursive: true });
  boxIn(image);
  writeFileSync(file, configuration(plugins, networks));
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

/** The group that all of podman's are in. */
export const PARENT = 'libpod_parent';
