// namespaces COUNT BRIDGE: named network namespaces, each with one end of a veth pair whose other end is a port of the
// bridge; then all taken down: the ports by their group, the names one by one. No descriptor may be left.
import { readdirSync } from 'node:fs';
import { load, report, start, stop } from './side.mjs';

const { openSync, veth } = await load('route/index.js');
const { create, remove } = await load('namespace/index.js');
const [total, bridge] = process.argv.slice(2);
const count = Number(total);
const group = 7;
const descriptors = () => readdirSync('/proc/self/fd').length;

openSync().close(); // What the runtime opens once, and keeps.
const before = descriptors();
const nl = openSync();
start();
const master = nl.link.get(bridge).index;
for (let n = 0; n < count; n++) {
  create(`n${n}`);
  nl.link.add(veth(`p${n}`, { peer: { ifname: 'eth0', namespace: `n${n}` } }, { master, group, up: true }));
}
nl.link.deleteGroup(group);
for (let n = 0; n < count; n++) remove(`n${n}`);
stop();
nl.close();
const left = descriptors() - before;
if (left !== 0) throw new Error(`${left} descriptors are left`);
report(count);
