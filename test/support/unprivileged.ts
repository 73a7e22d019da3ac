/** A program without privilege: prints what it may do and how the rest is refused. */
import { type Link, route } from '../../src/families/route/index.ts';
import { create, enter } from '../../src/namespace/index.ts';
import { Client, NetlinkError } from '../../src/socket/index.ts';

const refused = (body: () => unknown) => {
  try {
    body();
  } catch (error) {
    if (!(error instanceof NetlinkError) || !error.message.includes(error.capability!)) throw error;
    return { code: error.code, syscall: error.syscall, capability: error.capability };
  }
  return 'allowed';
};
const client = Client.open({ protocol: route });
console.log(JSON.stringify({
  read: (client.requestSync({ message: route.messages.getlink, body: { ifname: 'lo' } })[0]!.body as Link).ifname,
  acknowledgement: refused(() => client.requestSync({ message: route.messages.newlink, flags: ['create'], body: { ifname: 'v0', linkinfo: { kind: 'veth' } } })),
  systemCall: refused(() => enter({ pid: process.pid }, () => 1)),
  create: refused(() => create('unprivileged')),
}));
client.close();
