// dump routes|links streamed|kept [KEY,KEY...]: a dump as typed objects, each looked at once, then dropped or kept.
import { load, report, start } from './side.mjs';

const { Client } = await load('socket/index.js');
const { route } = await load('families/route/index.js');
const [what, how, keys] = process.argv.slice(2);
const client = Client.open({ protocol: route });
const request = what === 'links' ? { message: route.messages.getlink, body: { family: 'unspec' } } : { message: route.messages.getroute, body: { family: 'inet' } };
const options = keys ? { select: keys.split(',') } : {};
const kept = [];
let count = 0;
start();
for await (const chunk of client.dumpChunks(request, options)) {
  for (const object of chunk) {
    if ((what === 'links' ? object.ifname : object.type) === undefined) throw new Error('an object without its name');
    if (how === 'kept') kept.push(object);
    count++;
  }
}
report(count);
if (how === 'kept' && kept.length !== count) throw new Error('lost');
client.close();
