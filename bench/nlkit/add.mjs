// add COUNT one|batch DEVICE GATEWAY: the routes that the C side adds, one a send with an ack, or batched.
import { load, report, start } from './side.mjs';

const { Client } = await load('socket/index.js');
const { route } = await load('families/route/index.js');
const [total, how, device, gateway] = process.argv.slice(2);
const count = Number(total);
const client = Client.open({ protocol: route });
const oif = client.requestSync({ message: route.messages.getlink, body: { ifname: device } })[0].body.index;
const request = (n) => ({
  message: route.messages.newroute,
  flags: ['create', 'excl'],
  body: {
    family: 'inet', dstLen: 32, table: 'main', protocol: 'static', scope: 'universe', type: 'unicast',
    dst: `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`, priority: 100, gateway, oif,
  },
});
let added = 0;
start();
if (how === 'one') {
  for (let n = 0; n < count; n++) { client.requestSync(request(n)); added++; }
} else {
  for (let n = 0; n < count; n += 1000) {
    const batch = [];
    for (let i = n; i < Math.min(n + 1000, count); i++) batch.push(request(i));
    added += client.batchSync(batch).length;
  }
}
report(added);
client.close();
