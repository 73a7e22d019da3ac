/** `type amt`: drivers/net/amt.c. */
import { to } from '../../grammar.ts';
import { device, oneOf, parseAddress, u16, u32, word } from '../../values.ts';
import { plain, type Kind } from './kind.ts';
import { deviceCell } from './tunnel.ts';

const ipv4 = word('ADDRESS', (given, _context, after) => parseAddress(given, after, 'inet').address);

export const amt: Kind = {
  options: {
    mode: to('mode', oneOf('gateway', 'relay')),
    relay_port: to('relayPort', u16('PORT')),
    gateway_port: to('gatewayPort', u16('PORT')),
    max_tunnels: to('maxTunnels', u32()),
    dev: to('link', device),
    local: to('localIp', ipv4),
    discovery: to('discoveryIp', ipv4),
  },
  sheet: [
    ['mode', '% ', 'mode'],
    plain('gateway_port'),
    plain('relay_port'),
    plain('local', 'localIp'),
    plain('remote', 'remoteIp'),
    plain('discovery', 'discoveryIp'),
    deviceCell,
    plain('max_tunnels'),
  ],
};
