// The benchmark's rows as data: what each side runs, where, how much of it, and the bound that nlkit must keep.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const nlkit = (name, ...args) => [process.execPath, fileURLToPath(new URL(`nlkit/${name}.mjs`, import.meta.url)), ...args.map(String)];
const gateway = '192.0.2.2';
const device = 'v0';
const bridge = 'br0';
const group = '7';

const link = `ip link set lo up; ip link add ${device} type veth peer name v1; ip link set ${device} up; ip link set v1 up; ip addr add 192.0.2.1/24 dev ${device}`;

/** A command in a namespace of its own, with the benchmark's device in it. */
const apart = (command, script = 'exec "$@"') => ['unshare', '-n', 'sh', '-c', `${link}; ${script}`, 'sh', ...command];

/** Lines of `ip -batch`, piped into it. */
const batched = (count, line) => `{ i=0; while [ $i -lt ${count} ]; do echo "${line}"; i=$((i+1)); done; } | ip -batch -`;

/** A command in a namespace with veth pairs, one end of each in the interface group. */
const grouped = (command, count) => ['unshare', '-n', 'sh', '-c', `${batched(count, `link add a$i group ${group} type veth peer name b$i`)}; exec "$@"`, 'sh', ...command, group];

/**
 * A command beside an empty /run and a bridge: what it mounts goes with its mount namespace, however it ends. The kernel
 * takes namespaces down later, in order: when the last has lost its link, those of the command are gone too.
 */
const contained = (command) => ['unshare', '-nm', 'sh', '-ec', `mount -t tmpfs run /run; ip link add ${bridge} up type bridge; "$@"
  ip netns add last; ip link add last type veth peer name end netns last; ip netns del last; while ip link show last; do sleep 0.01; done >/dev/null 2>&1`, 'sh', ...command, bridge];

/** A command beside an empty /run, where state and namespaces are kept. */
const alone = (command) => ['unshare', '-nm', 'sh', '-ec', 'mount -t tmpfs run /run; exec "$@"', 'sh', ...command];

/** The reference CNI plugins, and ADDs in namespaces of the run's own; pools are in memory. */
const plugins = process.env.CNI_REFERENCE ?? '/usr/lib/cni';
const attached = (how, count, program = '') => alone(nlkit('cni', how, count, program));
const cni = { absent: existsSync(`${plugins}/bridge`) ? undefined : `no reference plugins in ${plugins} (Debian: containernetworking-plugins)`, count: 20, against: 'CNI', c: (_, count) => attached(plugins, count) };

/** A monitor, and a writer at full speed once the monitor is ready. */
const watched = (writer, command) => apart(command, `"$@" | { read -r ready; ${writer.join(' ')} >/dev/null; cat; }`);

/** The namespace of the dumps: the benchmark's device and `routes` routes, or `links` links beside lo. */
export const prepare = {
  routes: (c, count) => [['sh', '-c', link], [c('add'), String(count), '500', device, gateway]],
  links: (_, count) => [['sh', '-c', batched(count / 2, 'link add a$i type veth peer name b$i')]],
};

const command = [process.execPath, process.env.NLKIT_COMMAND ?? fileURLToPath(new URL('../dist/bin/nlkit.js', import.meta.url))];

/** The same as one executable (npm run executable), which does not start Node. */
const single = process.env.NLKIT_EXECUTABLE ?? fileURLToPath(new URL('../build/nlkit', import.meta.url));
const executable = existsSync(single) ? {} : { absent: 'no build/nlkit (npm run executable)' };

/** Lines for -batch. */
const lines = (count) => {
  const all = [];
  for (let n = 0; all.length < count; n++) {
    const host = `${(n >> 8) & 255}.${n & 255}`;
    all.push(`route add 10.0.${host}/32 via ${gateway} dev ${device} metric 100`, `addr add 10.9.${host}/32 dev ${device}`, `neigh add 10.8.${host} lladdr 02:00:00:00:00:01 dev ${device} nud permanent`, `route replace 10.7.${host}/32 dev ${device}`);
  }
  return `${all.slice(0, count).join('\n')}\n`;
};

/**
 * Bounds: `cpu` is the median of the paired ratios nlkit/C in CPU time, `ns` CPU nanoseconds a message, `ms` milliseconds
 * above an empty Node process, `wall` the same ratio in wall time, `seconds` nlkit's own, `grows` what one more costs where nearly all
 * are, against where few are (CPU, nlkit's own). Rows with a `peer` run whole commands; those without `c` are nlkit's alone, once. --quick runs a tenth of
 * `count`, except of `whole` rows.
 */
const all = [
  // The first: the rows after it fill the namespace that it lists.
  {
    name: 'start', title: 'nlkit ip link, above node -e 0', count: 1, must: { ms: 60 },
    c: () => [process.execPath, '-e', '0'],
    nlkit: () => [...command, 'ip', 'link'],
  },
  {
    name: 'routes-streamed', title: 'dump routes, typed objects, streamed', count: 1_000_000, must: { cpu: 1.5 }, needs: 'routes',
    c: (c) => [c('dump'), 'routes'], nlkit: () => nlkit('dump', 'routes', 'streamed'),
  },
  {
    name: 'routes-kept', title: 'the same, all objects kept', count: 1_000_000, must: { cpu: 2.4 }, needs: 'routes',
    c: (c) => [c('dump'), 'routes'], nlkit: () => nlkit('dump', 'routes', 'kept'), like: (peer) => [...peer, 'routes'],
  },
  {
    name: 'links-full', title: 'dump links, full decode, cold', count: 2_000, must: { cpu: 7 }, needs: 'links',
    c: (c) => [c('dump'), 'links'], nlkit: () => nlkit('dump', 'links', 'kept'), like: (peer) => [...peer, 'links'],
  },
  {
    name: 'links-selected', title: 'the same, 4 fields, cold', count: 2_000, must: { cpu: 2.5 }, needs: 'links',
    c: (c) => [c('dump'), 'links'], nlkit: () => nlkit('dump', 'links', 'kept', 'ifname,mtu,operstate,link'),
  },
  {
    name: 'add-one', title: 'add routes, one a send, acked', count: 100_000, must: { cpu: 1.5 },
    c: (c, count) => apart([c('add'), String(count), '1', device, gateway]), nlkit: (_, count) => apart(nlkit('add', count, 'one', device, gateway)),
    like: (peer, count) => apart([...peer, 'add', String(count), device, gateway]),
  },
  {
    name: 'add-batch', title: 'the same, batched (against C one a send)', count: 100_000, must: { cpu: 0.9 },
    c: (c, count) => apart([c('add'), String(count), '1', device, gateway]), nlkit: (_, count) => apart(nlkit('add', count, 'batch', device, gateway)),
  },
  {
    name: 'notifications', title: 'route notifications, none lost', count: 100_000, must: { cpu: 1.5 },
    c: (c, count) => watched([c('add'), count, 100, device, gateway], [c('monitor'), String(count)]),
    nlkit: (c, count) => watched([c('add'), count, 100, device, gateway], nlkit('monitor', count)),
  },
  {
    name: 'delete-group', title: 'delete veth pairs, one request', count: 1_000, must: { seconds: 1 },
    c: (c, count) => grouped([c('delete')], count), nlkit: (_, count) => grouped(nlkit('delete'), count),
  },
  {
    name: 'namespaces', title: 'namespaces on a bridge, built, taken down', count: 1_000, must: { wall: 1.3 },
    c: (c, count) => contained([c('namespaces'), String(count)]), nlkit: (_, count) => contained(nlkit('namespaces', count)),
  },
  {
    name: 'containers', title: 'containers attached to one network, detached', count: 1_000, must: { grows: 1.5 }, seconds: 600,
    nlkit: (_, count) => alone(nlkit('containers', count)),
  },
  {
    name: 'decode', title: 'decode a route from memory, streamed', count: 100_000, whole: true, must: { ns: 110 }, needs: 'capture',
    c: (c, _, file) => [c('decode'), file, '15'], nlkit: (_c, _n, file) => nlkit('decode', file, 15),
  },
  {
    name: 'request', title: 'request and answer at the transport', count: 50_000, whole: true, must: {},
    c: (c, count) => [c('request'), String(count)], nlkit: (_, count) => nlkit('request', count),
  },
  {
    name: 'batch', title: 'ip -batch, routes, addresses, neighbours', count: 10_000, must: { wall: 1.3 }, peer: 'ip', input: lines,
    c: () => apart(['ip', '-batch', '-']), nlkit: () => apart([...command, 'ip', '-batch', '-']), executable: () => apart([single, 'ip', '-batch', '-']),
  },
  {
    name: 'links-command', title: 'ip -j -d link, start-up included', count: 2_000, must: { wall: 1.5 }, peer: 'ip', needs: 'links', counts: (text) => JSON.parse(text).length,
    c: () => ['ip', '-j', '-d', 'link'], nlkit: () => [...command, 'ip', '-j', '-d', 'link'], executable: () => [single, 'ip', '-j', '-d', 'link'],
  },
  { ...cni, name: 'cni-add', title: 'CNI ADD as installed, bridge and host-local, a process each', must: { wall: 1.5 }, nlkit: (_, count) => attached('installed', count) },
  { ...cni, name: 'cni-add-node', title: 'the same, no server left by an earlier call', must: {}, nlkit: (_, count) => attached('alone', count), executable: (_, count) => attached('executable', count, single) },
  { ...cni, name: 'cni-add-library', title: 'the same, nlkit as a library', must: { wall: 0.5 }, nlkit: (_, count) => attached('library', count) },
];

/** Rows that start a process for each piece of work come again with the executable. */
export const rows = all.flatMap((row) => (row.executable ? [row, { ...row, ...executable, name: `${row.name}-executable`, title: 'the same, by the executable', nlkit: row.executable }] : [row]));
