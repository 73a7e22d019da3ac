// One RTM_GETLINK by hand: the schema's message through the netlink client, then the same bytes through a bare socket.
// Needs no privilege.
import { decodeControl, decodeMessage, frames, writeFrame, COMMON_FLAGS, HOST_LITTLE_ENDIAN, NLMSG, Writer, type ErrorBody } from 'nlkit/codec';
import { route, type Link } from 'nlkit/families/route';
import { Client, openSocket } from 'nlkit/socket';

using client = Client.open({ protocol: route });
const [reply] = client.requestSync({ message: route.messages.getlink, body: { ifname: 'lo' } });
const found = reply?.body as Link | undefined;
console.log('client:', found?.ifname, found?.mtu);

const socket = openSocket({ protocol: route.number });
const writer = new Writer(HOST_LITTLE_ENDIAN), { number, schema } = route.messages.getlink;
writeFrame(writer, { type: number, flags: COMMON_FLAGS.request | COMMON_FLAGS.ack, seq: 1, pid: 0 }, schema, { ifname: 'lo' });
socket.send(writer.finish());
for (let acknowledged = false; !acknowledged && socket.wait(1000);) {
  const datagram = socket.receive();
  for (const frame of datagram ? frames(datagram.bytes) : []) {
    if (frame.type === NLMSG.error) {
      acknowledged = true;
      const { error } = decodeControl(datagram!.bytes, frame.type, frame.flags, frame.start, frame.end, { littleEndian: HOST_LITTLE_ENDIAN }) as ErrorBody;
      console.log('socket: error', error);
    } else {
      const { name, body } = decodeMessage(route, datagram!.bytes, frame);
      console.log('socket:', name, (body as Link).ifname);
    }
  }
}
socket.close();
