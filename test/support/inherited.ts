/** A program that speaks netlink over descriptor 3 alone. Prints what it learned as JSON. */
import { type Link, route } from '../../src/families/route/index.ts';
import { Client, inheritedSocket } from '../../src/socket/index.ts';

const client = new Client(inheritedSocket(), { protocol: route });
const request = { message: route.messages.getlink, body: { ifname: 'lo' } };
const name = (body: object | undefined) => (body as Link).ifname;
const dumped: unknown[] = [];
const told = { sync: name(client.requestSync(request)[0]?.body), async: name((await client.request(request))[0]?.body), dumped, refused: '' };
for await (const link of client.dump({ message: route.messages.getlink, body: {} })) if (name(link) === 'lo') dumped.push(name(link));
await client.request({ message: route.messages.dellink, body: { ifname: 'none' } }).catch((error: { code: string }) => { told.refused = error.code; });
client.close();
console.log(JSON.stringify(told));
