/** containerd as a Kubernetes node has it: its CRI plugin with roots, configuration and image of its own, below a folder; the kubelet's part is played over its socket. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PATIENCE, sh, until } from '../live/support.ts';
import { asking, boxIn, groups, SERVER, told } from './box.ts';
import { CONTAINER, criOf, PROTOCOLS, type Asked, type Cri, type Told } from './cri.ts';

const IMAGE = 'docker.io/library/box:latest', CRI = 'plugins."io.containerd.grpc.v1.cri"';
/** The group that all pods are in. */
export const PARENT = `nlkit-pods-${process.pid}`;

const networkOf = (folder: string, handler: string): string => join(folder, `networks-${handler}`);
/** @param handlers runtimes beside the default one, each with a network of its own, as Kubernetes' RuntimeClass names them */
const configuration = (folder: string, plugins: string, handlers: readonly string[]): string => `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = ["io.containerd.internal.v1.opt"]
[grpc]
address = "${folder}/socket"
[${CRI}]
sandbox_image = "${IMAGE}"
restrict_oom_score_adj = true
[${CRI}.containerd]
snapshotter = "native"
[${CRI}.cni]
bin_dir = "${plugins}"
conf_dir = "${folder}/networks"
conf_template = "${folder}/template"
${['', ...handlers].map((name) => `[${CRI}.containerd.runtimes.${name || 'runc'}]
runtime_type = "io.containerd.runc.v2"
${name && `cni_conf_dir = "${networkOf(folder, name)}"`}
`).join('')}`;

/** An image as an archive of the Open Container Initiative's layout: one layer, the files of a folder. */
function archive(folder: string, files: string): string {
  const layout = join(folder, 'layout'), blobs = join(layout, 'blobs/sha256'), layer = join(folder, 'layer.tar'), OCI = 'application/vnd.oci.image';
  mkdirSync(blobs, { recursive: true });
  sh(`tar -C ${files} -cf ${layer} .`);
  const blob = (mediaType: string, bytes: string | Buffer, more: object = {}): { digest: string } => {
    const sum = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(blobs, sum), bytes);
    return { mediaType: `${OCI}.${mediaType}`, digest: `sha256:${sum}`, size: Buffer.byteLength(bytes), ...more } as { digest: string };
  };
  const one = blob('layer.v1.tar', readFileSync(layer));
  const config = blob('config.v1+json', JSON.stringify({ os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch, config: { Cmd: ['/bin/sleep', '1000000'], Env: ['PATH=/bin'] }, rootfs: { type: 'layers', diff_ids: [one.digest] } }));
  const manifest = blob('manifest.v1+json', JSON.stringify({ schemaVersion: 2, config, layers: [one] }), { annotations: { 'io.containerd.image.name': IMAGE } });
  writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  writeFileSync(join(layout, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [manifest] }));
  sh(`tar -C ${layout} -cf ${folder}/image.tar .`);
  return `${folder}/image.tar`;
}

export interface Pod { readonly id: string; readonly config: NonNullable<Asked<'RunPodSandbox'>['config']>; readonly addresses: readonly string[] }
export interface Port { readonly container: number; readonly host: number; readonly protocol?: keyof typeof PROTOCOLS; readonly address?: string }
const namespaces = { pid: CONTAINER };
let made = 0;

/** A node: containerd, which is started and ended, and what the kubelet asks it for. */
export class Node {
  readonly folder: string;
  readonly cri: Cri;
  private running: ChildProcess | undefined;
  constructor(folder: string) {
    this.folder = folder;
    this.cri = criOf(join(folder, 'socket'), 2 * PATIENCE);
  }
  /** @param template of the default network's conflist, with containerd's words for the node's addresses @param handlers conflists of the other runtimes */
  async prepare(plugins: string, template: string, handlers: Readonly<Record<string, object>>): Promise<void> {
    const { folder, image } = this;
    boxIn(image);
    mkdirSync(join(folder, 'networks'), { recursive: true });
    writeFileSync(join(folder, 'template'), template);
    for (const [name, conflist] of Object.entries(handlers)) this.network(name, conflist);
    writeFileSync(join(folder, 'config.toml'), configuration(folder, plugins, Object.keys(handlers)));
    await this.start();
    sh(`ctr -a ${folder}/socket -n k8s.io images import --snapshotter native ${archive(folder, image)}`);
    // It hears of it a little later.
    await until('the image is known', async () => (await this.cri.call('ImageStatus', { image: { image: IMAGE } })).image.id !== '');
  }
  get image(): string { return join(this.folder, 'image'); }
  /** Writes the conflist of a runtime's network. */
  network(name: string, conflist: object): void {
    const place = networkOf(this.folder, name), draft = join(place, 'draft');
    mkdirSync(place, { recursive: true });
    writeFileSync(draft, JSON.stringify(conflist));
    renameSync(draft, join(place, `10-${name}.conflist`));
  }
  async start(): Promise<void> {
    const log = openSync(join(this.folder, 'log'), 'a');
    this.running = spawn('containerd', ['--config', join(this.folder, 'config.toml')], { stdio: ['ignore', 'ignore', log] });
    closeSync(log);
    await until('containerd answers', async () => { await this.cri.call('Version', {}); return true; });
  }
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.running;
    if (!child) return;
    this.running = undefined;
    await new Promise((resolve) => { child.once('close', resolve); child.kill(signal); });
  }

  async condition(type: 'RuntimeReady' | 'NetworkReady'): Promise<Told<'Status'>['status']['conditions'][number]> {
    const { status: { conditions } } = await this.cri.call('Status', {});
    return conditions.find((one) => one.type === type) as typeof conditions[number];
  }
  becomes(ready: boolean): Promise<unknown> {
    return until(`the network is ${ready ? '' : 'not '}ready`, async () => (await this.condition('NetworkReady')).status === ready);
  }
  async addressesOf(id: string): Promise<string[]> {
    const { ip, additional_ips } = (await this.cri.call('PodSandboxStatus', { pod_sandbox_id: id })).status.network;
    return [ip, ...additional_ips.map((one) => one.ip)].filter((one) => one !== '');
  }
  async pod(name: string, { ports = [], handler = '' }: { ports?: readonly Port[]; handler?: string } = {}): Promise<Pod> {
    const config = {
      metadata: { name, uid: `uid-${++made}`, namespace: 'default' }, hostname: name,
      port_mappings: ports.map(({ container, host, protocol = 'tcp', address = '' }) => ({ protocol: PROTOCOLS[protocol], container_port: container, host_port: host, host_ip: address })),
      linux: { cgroup_parent: `/${PARENT}`, security_context: { namespace_options: namespaces } },
    };
    const { pod_sandbox_id: id } = await this.cri.call('RunPodSandbox', { config, runtime_handler: handler });
    return { id, config, addresses: await this.addressesOf(id) };
  }
  /** A container in a pod; @returns its identifier */
  async run(pod: Pod, command: readonly string[] = SERVER): Promise<string> {
    const config = { metadata: { name: 'main' }, image: { image: IMAGE }, command, linux: { security_context: { namespace_options: namespaces } } };
    const { container_id } = await this.cri.call('CreateContainer', { pod_sandbox_id: pod.id, config, sandbox_config: pod.config });
    await this.cri.call('StartContainer', { container_id });
    return container_id;
  }
  async exec(container: string, line: string): Promise<string> {
    return (await this.cri.call('ExecSync', { container_id: container, cmd: ['/bin/sh', '-c', line], timeout: Math.ceil(PATIENCE / 1000) })).stdout;
  }
  /** As whom a server sees the container. */
  async asked(container: string, address: string, port = 80, tries?: number): Promise<string> {
    return told(await this.exec(container, asking(address, port, tries)));
  }
  async stop({ id }: { id: string }): Promise<void> { await this.cri.call('StopPodSandbox', { pod_sandbox_id: id }); }
  async remove({ id }: { id: string }): Promise<void> { await this.cri.call('RemovePodSandbox', { pod_sandbox_id: id }); }
  async pods(): Promise<Told<'ListPodSandbox'>['items']> { return (await this.cri.call('ListPodSandbox', {})).items; }
  /** Stops and removes all pods, as the kubelet does with those that it does not know. */
  async clear(): Promise<void> {
    for (const pod of await this.pods()) { await this.stop(pod); await this.remove(pod); }
  }
  /** Leaves no process, whatever happened. */
  async close(): Promise<void> {
    if (!this.running) return;
    try { await this.clear(); } finally {
      await this.end('SIGTERM');
      for (const pid of [...groups(PARENT).flatMap(processes), ...shims(this.folder)]) process.kill(pid, 'SIGKILL');
    }
  }
}
/** Processes of the groups below one. */
const processes = (group: string): number[] => sh(`cat ${group}/*/cgroup.procs 2>/dev/null || true`).split('\n').filter(Boolean).map(Number);
/** What containerd starts for each pod, and leaves running when it ends. */
const shims = (folder: string): number[] => readdirSync('/proc').filter((pid) => {
  try { return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`\0${folder}/socket\0`); } catch { return false; }
}).map(Number);
