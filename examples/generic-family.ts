// A family of generic netlink that nlkit does not bring: whether a link has a carrier, asked as ethtool asks. One declaration is enough
// for requests, replies and their types. Needs no privilege, and a kernel with CONFIG_ETHTOOL_NETLINK.
import { attrs, genericFamily, string, u32, u8 } from 'nlkit/codec';
import { open } from 'nlkit/generic';

class Header extends attrs('ETHTOOL_A_HEADER_', { devIndex: [1, u32], devName: [2, string] }) {}
class LinkState extends attrs('ETHTOOL_A_LINKSTATE_', { header: [1, Header], link: [2, u8] }) {}
const ethtool = genericFamily('ethtool', 1, { prefix: 'ETHTOOL_MSG_', commands: { linkstateGet: [6, LinkState] }, groups: { changes: 'monitor' }, config: 'CONFIG_ETHTOOL_NETLINK' });

await using client = await open(ethtool);
const [reply] = await client.request({ message: client.protocol.messages.linkstateGet, body: { header: { devName: 'lo' } } });
const { header, link } = reply?.body as LinkState;
console.log(`${header?.devName} ${link ? 'has a carrier' : 'has none'}`);
