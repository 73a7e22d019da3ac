/** One operation on networks in a process of its own, which may end in the middle: killed after so many events. Or many allocations, many attachments. */
import { allocate, networksSync, rangeOf } from '../../src/network/index.ts';

const [kind = '', text = '[]', after = '0'] = process.argv.slice(2), args = JSON.parse(text) as unknown[];
if (kind === 'allocate') {
  const [folder, subnet, prefix, count] = args as [string, string, string, number], got: string[] = [];
  for (let n = 0; n < count; n++) got.push(...allocate(folder, [[rangeOf({ subnet })]], { id: `${prefix}-${n}`, ifname: 'eth0' }));
  console.log(JSON.stringify(got));
} else if (kind === 'attach-many') {
  const [network, names] = args as [string, string[]], net = networksSync();
  console.log(JSON.stringify(names.map((name) => net.attach(network, { name, namespace: name }).addresses[0])));
} else {
  let left = Number(after);
  const net = networksSync({ trace: () => { if (left > 0 && --left === 0) process.kill(process.pid, 'SIGKILL'); } });
  const result = (net as unknown as Record<string, (...rest: unknown[]) => unknown>)[kind]?.(...args);
  console.log(JSON.stringify(result ?? null));
}
