// IPsec on demand: a policy wants packets between two namespaces encrypted, and the first packet asks for the keys.
// Needs root (or `unshare -Urnm`), ping, and a kernel with ESP and AES-GCM; takes everything down again.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { namespace, open, veth } from 'nlkit';
import { openXfrm } from 'nlkit/xfrm';

const hosts = { left: '10.99.0.1', right: '10.99.0.2' };
const ping = async (): Promise<string> => ((await once(namespace.exec('left', 'ping', ['-c', '1', '-W', '2', hosts.right], { stdio: 'ignore' }), 'exit'))[0] === 0 ? 'answered' : 'lost');
const newKey = () => ({ aead: { name: 'rfc4106(gcm(aes))', key: randomBytes(20), icvBits: 128 } });

try {
  for (const name of Object.keys(hosts)) namespace.create(name);
  for (const [name, address] of Object.entries(hosts)) {
    await using nl = await open({ namespace: name });
    if (name === 'left') await nl.link.add(veth('v0', { peer: { ifname: 'v0', namespace: 'right' } }));
    await nl.link.set('v0', { up: true });
    await nl.address.add('v0', `${address}/24`);
  }
  await using left = await openXfrm({ namespace: 'left' });
  await using right = await openXfrm({ namespace: 'right' });
  for (const [side, src, dst] of [[left, hosts.left, hosts.right], [right, hosts.right, hosts.left]] as const) {
    await side.policy.add({ dir: 'out', sel: { src, dst }, templates: [{ proto: 'esp', reqid: 1 }] });
    await side.policy.add({ dir: 'in', sel: { src: dst, dst: src }, templates: [{ proto: 'esp', reqid: 1 }] });
  }

  // It listens from here on. A key daemon would now talk to the other host's; here both are in one place.
  const events = left.watch(['acquire']);
  console.log('the first packet:', await ping());
  for await (const event of events) {
    if (event.kind !== 'acquire') continue;
    const { src, dst, proto, seq } = event;
    const there = { ...await right.state.allocate({ src, dst, proto, reqid: 1 }), ...newKey() };
    const back = { ...await left.state.allocate({ src: dst, dst: src, proto, reqid: 1 }), ...newKey() };
    await Promise.all([right.state.update(there), right.state.add(back), left.state.update(back), left.state.add({ ...there, seq })]);
    break;
  }
  console.log('the second:', await ping());
  for await (const { src, dst, proto, current } of left.state.list()) console.log(`${proto} ${src} -> ${dst}: ${current.packets}`);
} finally {
  for (const name of namespace.list()) if (name in hosts) namespace.remove(name);
}
