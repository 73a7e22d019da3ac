// monitor COUNT: typed route notifications until COUNT have come. Prints "ready" when it listens.
import { load, report, start } from './side.mjs';

const { Client } = await load('socket/index.js');
const { route } = await load('families/route/index.js');
const want = Number(process.argv[2]);
const client = Client.open({ protocol: route });
const events = client.monitor([route.groups.ipv4Route[0]], { receiveBuffer: 256 * 2 ** 20 })[Symbol.asyncIterator]();
let count = 0;
const first = events.next();
console.log('ready');
start();
for (let event = await first; ; event = await events.next()) {
  if (event.done) throw new Error('the monitor ended');
  if (event.value.overrun) throw new Error(`overrun after ${count}`);
  if (event.value.message?.key === 'newroute' && event.value.body.dst !== undefined) count++;
  if (count >= want) break;
}
report(count);
await events.return?.();
client.close();
