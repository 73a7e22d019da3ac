// Two network namespaces joined by a bridge, as a container runtime does it, and a connection from one to the other.
// Needs root (or `unshare -Urnm`); takes everything down again.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { bridge, namespace, open, veth } from 'nlkit';

const containers = { left: '10.99.0.1/24', right: '10.99.0.2/24' };

await using nl = await open();
try {
  await nl.link.add(bridge('br-demo', { forwardDelay: 0 }, { up: true }));
  for (const [name, address] of Object.entries(containers)) {
    namespace.create(name);
    // The far end is born in the namespace, under the name that it is to have there.
    await nl.link.add(veth(`to-${name}`, { peer: { ifname: 'eth0', namespace: name } }, { master: 'br-demo', up: true }));
    await using inside = await open({ namespace: name });
    await inside.link.set('eth0', { up: true });
    await inside.address.add('eth0', address);
  }
  const ports = await nl.link.list({ master: 'br-demo' }).toArray();
  console.log('br-demo:', ports.map((port) => port.ifname).join(' '));

  // A socket stays in the namespace where it was opened.
  const server = namespace.enter('right', () => createServer((socket) => socket.end('hello from right')).listen(8080));
  const client = namespace.exec('left', process.execPath, ['-e', `require('node:net').connect(8080, '10.99.0.2').pipe(process.stdout)`]);
  console.log('left hears:', await text(client.stdout!));
  server.close();
  await once(server, 'close');
} finally {
  for (const device of ['to-left', 'to-right', 'br-demo']) await nl.link.delete(device).catch(() => {});
  for (const name of namespace.list()) if (name in containers) namespace.remove(name);
}
