/** What tests of container engines share: an image made of busybox, somebody outside of the containers' host, and who sees whom as whom. */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sh } from '../live/support.ts';

/** Says who asks: a page, and a program behind a page. */
const CALLER = '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\n$REMOTE_ADDR\\n"\n', PAGE = '/cgi-bin/caller';
export const SERVER = ['/bin/httpd', '-f', '-p', '80', '-h', '/www'];

/** The files of an image: busybox, and /www for its httpd. No registry is asked. */
export function boxIn(folder: string): void {
  for (const path of ['bin', 'www/cgi-bin', 'tmp']) mkdirSync(join(folder, path), { recursive: true });
  copyFileSync(sh('command -v busybox'), join(folder, 'bin/busybox'));
  for (const name of ['sh', 'ip', 'ping', 'sleep', 'httpd']) symlinkSync('busybox', join(folder, 'bin', name));
  const caller = join(folder, 'www', PAGE);
  writeFileSync(caller, CALLER);
  chmodSync(caller, 0o755);
}

/** A line for the shell that asks who the server sees; a server may only just have been started. */
export const asking = (address: string, port: number, tries = 5): string =>
  `for i in $(busybox seq ${tries}); do printf "GET ${PAGE} HTTP/1.0\\r\\n\\r\\n" | busybox timeout 30 busybox nc -w 3 ${address} ${port} && exit; busybox sleep 1; done; echo nobody`;
/** The address in what it printed, or `nobody`. */
export const told = (answer: string): string => (answer.trim().split('\n').at(-1) as string).replace(/^\[(::ffff:)?|\]$/g, '');
export const RECEIVED = /1 (packets )?received/;

export const OUTSIDE = '10.200.0.2', HOST = '10.200.0.1', OUTSIDE6 = 'fd00:200::2', HOST6 = 'fd00:200::1';
/** Where somebody asks from: the host, or outside. */
export const HERE = '', THERE = 'ip netns exec outside';
export const call = (from: string, address: string, port: number, tries?: number): string => told(sh(`${from} sh -c '${asking(address, port, tries)}'`));

/**
 * Somebody outside, who knows no way to the containers; a pair of links for those that stand on one; and a host that drops what it is not told to forward.
 * @param image a folder that {@link boxIn} made @returns a server outside
 */
export function outside(image: string): ChildProcess {
  sh(`ip netns add outside && ip link add up0 type veth peer name eth0 netns outside && ip link add m0 type veth peer name m1 && ip link set m0 up && ip link set m1 up
    ip addr add ${HOST}/24 dev up0 && ip addr add ${HOST6}/64 dev up0 nodad && ip link set up0 up
    ip -n outside link set lo up && ip -n outside addr add ${OUTSIDE}/24 dev eth0 && ip -n outside addr add ${OUTSIDE6}/64 dev eth0 nodad && ip -n outside link set eth0 up
    echo 1 >/proc/sys/net/ipv4/ip_forward && echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
    iptables -P FORWARD DROP && ip6tables -P FORWARD DROP`);
  return spawn('ip', ['netns', 'exec', 'outside', 'busybox', 'httpd', '-f', '-p', '80', '-h', join(image, 'www')], { stdio: 'inherit' });
}

const GROUPS = '/sys/fs/cgroup';
/** Control groups of an engine: in each hierarchy the one of a name, which all of its containers are in. */
export const groups = (parent: string): string[] => [GROUPS, ...readdirSync(GROUPS).map((name) => join(GROUPS, name))].flatMap((path) => {
  try { return readdirSync(path).includes(parent) ? [join(path, parent)] : []; } catch { return []; }
});
/** Takes those that were not there before; engines leave them. */
export function dropGroups(parent: string, others: readonly string[]): void {
  for (const path of groups(parent)) if (!others.includes(path)) {
    for (const name of readdirSync(path, { withFileTypes: true })) if (name.isDirectory()) rmdirSync(join(path, name.name));
    rmdirSync(path);
  }
}
