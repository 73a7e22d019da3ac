// containers COUNT: as many containers, a namespace each, attached to one bridge network one after the other, each by an operation of
// its own; then detached. Compared is the CPU time of coming and going where few are and where nearly all are, a tenth of them each: where
// a thousand are, one more must cost what the first did. The namespaces are there before, and without IPv6: what each then asks all others (DAD, MLD) the kernel
// brings to each of them, and that is no work of ours. No descriptor, address, file or link may be left.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { load, report, start, stop } from './side.mjs';

const { networksSync } = await load('network/index.js');
const { openSync } = await load('route/index.js');
const { create, enter, remove } = await load('namespace/index.js');
const count = Number(process.argv[2]);
const tenth = Math.max(1, Math.floor(count / 10));
const state = '/run/state';
const net = networksSync({ state });
const descriptors = () => readdirSync('/proc/self/fd').length;
const name = (n) => `c${n}`;
const attach = (n) => net.attach('big', { name: name(n), namespace: name(n) });
const detach = (n) => net.detach('big', name(n));

/** CPU milliseconds that each tenth took. */
const tenths = (run) => {
  const spent = [];
  let before = process.cpuUsage();
  for (let n = 0; n < count; n++) {
    run(n);
    if ((n + 1) % tenth !== 0) continue;
    const { user, system } = process.cpuUsage(before);
    spent.push((user + system) / 1000);
    before = process.cpuUsage();
  }
  return spent;
};
const round = (ms) => Math.round(ms * 100) / 100;

const quiet = () => { if (existsSync('/proc/sys/net/ipv6')) writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1'); };
for (let n = 0; n < count; n++) { create(name(n)); enter(name(n), quiet); }
net.create({ name: 'big', subnets: ['10.50.0.0/16'] });
// What a process does for the first time, it does slowly.
for (let n = 0; n < Math.min(count, 100); n++) attach(n);
for (let n = 0; n < Math.min(count, 100); n++) detach(n);
const before = descriptors();
start();
const attached = tenths(attach);
if (Object.keys(net.inspect('big').containers).length !== count) throw new Error('not all are attached');
const detached = tenths(detach);
stop();
net.remove('big');
if (descriptors() !== before) throw new Error(`${descriptors() - before} descriptors are left`);
for (const folder of ['networks', 'containers', 'pools', 'journal']) if (existsSync(`${state}/${folder}`) && readdirSync(`${state}/${folder}`).length > 0) throw new Error(`${folder} has ${readdirSync(`${state}/${folder}`)}`);
const nl = openSync();
if (nl.link.list().some((link) => link.ifname !== 'lo')) throw new Error('links are left');
nl.close();
for (let n = 0; n < count; n++) remove(name(n));
const [few, many] = [attached[0] + detached.at(-1), attached.at(-1) + detached[0]];
report(count, { rss: Math.round(process.resourceUsage().maxRSS / 1024), grows: many / few, attach: attached.map((ms) => round(ms / tenth)), detach: detached.map((ms) => round(ms / tenth)) });
