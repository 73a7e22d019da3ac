/** A ruleset of everything that container networks need, as messages and as nft prints it. */
import { encode, HOST_LITTLE_ENDIAN, ipv4 } from '../../src/codec/index.ts';
import { netfilter, type Expression, type SetElem } from '../../src/families/netfilter/index.ts';
import { userdataTypes, withComment, writeUserdata } from '../../src/netfilter/index.ts';
import type { Request } from '../../src/socket/index.ts';

const { messages } = netfilter;

export function host(n: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, n, HOST_LITTLE_ENDIAN);
  return bytes;
}
const port = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);
const address = (text: string): Uint8Array => encode(ipv4, text);
const name16 = (text: string): Uint8Array => { const bytes = new Uint8Array(16); bytes.set(new TextEncoder().encode(text)); return bytes; };

const cmp = (value: Uint8Array, op: 'eq' | 'neq' = 'eq'): Expression => ({ name: 'cmp', data: { sreg: 1, op, data: { value } } });
const meta = (key: 'nfproto' | 'l4proto' | 'oifname', value: Uint8Array, op?: 'neq'): Expression[] => [{ name: 'meta', data: { key, dreg: 1 } }, cmp(value, op)];
const dport: Expression[] = [...meta('l4proto', Uint8Array.of(6)), { name: 'payload', data: { dreg: 1, base: 'transportHeader', offset: 2, len: 2 } }];
const saddr = (len: number): Expression => ({ name: 'payload', data: { dreg: 1, base: 'networkHeader', offset: 12, len } });
const verdict = (code: 'accept' | 'drop'): Expression => ({ name: 'immediate', data: { dreg: 0, data: { verdict: { code } } } });
const counter: Expression = { name: 'counter', data: { bytes: 0n, packets: 0n } };

type Family = 'inet' | 'ipv4';
export const table = (family: Family, name: string, comment?: string): Request => ({ message: messages.newtable, flags: ['create'], body: { family, name, ...(comment !== undefined && { userdata: withComment(comment, 'table') }) } });
const chain = (family: Family, in_: string, name: string, more: object = {}): Request => ({ message: messages.newchain, flags: ['create'], body: { family, table: in_, name, ...more } });
export const rule = (family: Family, in_: string, to: string, elem: Expression[], comment?: string): Request => ({
  message: messages.newrule, flags: ['create', 'append'], body: { family, table: in_, chain: to, expressions: { elem }, ...(comment !== undefined && { userdata: withComment(comment) }) },
});
const elements = (in_: string, set: string, elem: SetElem[]): Request => ({ message: messages.newsetelem, flags: ['create'], body: { family: 'inet', table: in_, set, elements: { elem } } });

/** nft's numbers: ipv4_addr, inet_service; its keys are in network order. */
const IPV4_ADDR = 7, INET_SERVICE = 13, BIG_ENDIAN = 2;
const { keyByteorder, dataByteorder, dataInterval } = userdataTypes.set;
const setUserdata = writeUserdata([{ type: keyByteorder, value: host(BIG_ENDIAN) }]);
const mapUserdata = writeUserdata([{ type: keyByteorder, value: host(BIG_ENDIAN) }, { type: dataByteorder, value: host(0) }, { type: dataInterval, value: host(0) }]);

export const requests: readonly Request[] = [
  table('ipv4', 'nat', 'of nlkit'),
  chain('ipv4', 'nat', 'prerouting', { hook: { hooknum: 'preRouting', priority: -100 }, type: 'nat', policy: 'accept' }),
  chain('ipv4', 'nat', 'postrouting', { hook: { hooknum: 'postRouting', priority: 100 }, type: 'nat', policy: 'accept' }),
  rule('ipv4', 'nat', 'prerouting', [...dport, cmp(port(8080)), { name: 'immediate', data: { dreg: 1, data: { value: address('10.88.0.2') } } }, { name: 'immediate', data: { dreg: 2, data: { value: port(80) } } },
    { name: 'nat', data: { type: 'dnat', family: 'ipv4', regAddrMin: 1, regProtoMin: 2 } }], 'web'),
  rule('ipv4', 'nat', 'postrouting', [saddr(2), cmp(Uint8Array.of(10, 88)), ...meta('oifname', name16('br0'), 'neq'), { name: 'masq' }], 'out'),
  table('inet', 'filter'),
  chain('inet', 'filter', 'web'),
  { message: messages.newset, flags: ['create'], body: { family: 'inet', table: 'filter', name: 'allowed', keyType: IPV4_ADDR, keyLen: 4, id: 1, userdata: setUserdata } },
  elements('filter', 'allowed', [{ key: { value: address('10.88.0.3') } }, { key: { value: address('10.88.0.4') } }]),
  { message: messages.newset, flags: ['create'], body: { family: 'inet', table: 'filter', name: 'ports', flags: ['map'], keyType: INET_SERVICE, keyLen: 2, dataType: 'verdict', id: 2, userdata: mapUserdata } },
  elements('filter', 'ports', [{ key: { value: port(22) }, data: { verdict: { code: 'accept' } } }, { key: { value: port(80) }, data: { verdict: { code: 'jump', chain: 'web' } } }]),
  chain('inet', 'filter', 'forward', { hook: { hooknum: 'forward', priority: 0 }, type: 'filter', policy: 'drop' }),
  rule('inet', 'filter', 'forward', [{ name: 'ct', data: { key: 'state', dreg: 1 } }, { name: 'bitwise', data: { sreg: 1, dreg: 1, len: 4, mask: { value: host(2 | 4) }, xor: { value: host(0) } } }, cmp(host(0), 'neq'), verdict('accept')]),
  rule('inet', 'filter', 'forward', [...meta('nfproto', Uint8Array.of(2)), saddr(4), { name: 'lookup', data: { set: 'allowed', sreg: 1 } }, verdict('accept')]),
  rule('inet', 'filter', 'forward', [...dport, { name: 'lookup', data: { set: 'ports', sreg: 1, dreg: 0 } }]),
  rule('inet', 'filter', 'forward', [{ name: 'limit', data: { rate: 5n, unit: 1n, burst: 9, type: 'pkts', flags: [] } }, { name: 'log', data: { prefix: 'nlkit: ' } }]),
  rule('inet', 'filter', 'forward', [counter, { name: 'reject', data: { type: 'icmpxUnreach', icmpCode: 1 } }], 'all others'),
  rule('inet', 'filter', 'web', [counter, verdict('accept')]),
];

export const listing = `table ip nat {
	comment "of nlkit"
	chain prerouting {
		type nat hook prerouting priority dstnat; policy accept;
		tcp dport 8080 dnat to 10.88.0.2:80 comment "web"
	}

	chain postrouting {
		type nat hook postrouting priority srcnat; policy accept;
		ip saddr 10.88.0.0/16 oifname != "br0" masquerade comment "out"
	}
}
table inet filter {
	set allowed {
		type ipv4_addr
		elements = { 10.88.0.3, 10.88.0.4 }
	}

	map ports {
		type inet_service : verdict
		elements = { 22 : accept, 80 : jump web }
	}

	chain web {
		counter packets 0 bytes 0 accept
	}

	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
		ip saddr @allowed accept
		tcp dport vmap @ports
		limit rate 5/second burst 9 packets log prefix "nlkit: "
		counter packets 0 bytes 0 reject comment "all others"
	}
}`;
