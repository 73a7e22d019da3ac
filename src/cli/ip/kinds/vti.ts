/** `type vti` and `vti6`: net/ipv4/ip_vti.c, net/ipv6/ip6_vti.c. */
import { act, to, type Grammar } from '../../grammar.ts';
import { device, u32 } from '../../values.ts';
import type { Kind } from './kind.ts';
import { deviceCell, endpointCells, endpoints, fwmarkCell, key, keyCells, settle, starting } from './tunnel.ts';

const options: Grammar = {
  key: act((draft, value) => { draft['ikey'] = draft['okey'] = value; }, key),
  ikey: to('ikey', key),
  okey: to('okey', key),
  dev: to('link', device),
  fwmark: to('fwmark', u32('MARK')),
};

function kind(family: 'inet' | 'inet6'): Kind {
  return {
    options: { ...endpoints(family), ...options },
    start: starting({ ikey: 0, okey: 0, fwmark: 0 }),
    sheet: [...endpointCells(family), deviceCell, ...keyCells((data, side) => Boolean(data[`${side}key`])), fwmarkCell],
    finish(data) {
      settle(data, family);
      if (!data['link']) delete data['link'];
    },
  };
}

export const vti: Kind = kind('inet');
export const vti6: Kind = kind('inet6');
