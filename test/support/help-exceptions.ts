/** Words of the real tools' help that nlkit does not take, by page, each with the reason. */
type Reasons = Readonly<Record<string, string>>;

const all = (reason: string, ...words: string[]): Reasons => Object.fromEntries(words.map((word) => [word, reason]));

const placeholder = 'stands for a value';
const sentence = 'part of a sentence';
const erspan = all(placeholder, 'hwid', 'version');
const ip6 = { ...erspan, ...all(sentence, 'default') };
const queues = all(sentence, '32-bit', 'broadcast', 'for', 'integer', 'queueing');

export const unsupported: Readonly<Record<string, Reasons>> = {
  ip: {
    ...all('a kind of link, not an object', 'amt'),
    ...all(placeholder, 'filename', 'maximum-addr-flush-attempts', 'name', 'size'),
  },
  'ip address': all('no kernel module of libteam is declared', 'team_slave'),
  'ip link': { ...all('no kernel module of libteam is declared', 'team_slave'), ...all('ip stats show group afstats prints the same', 'afstats') },
  'ip netns': all(placeholder, 'cmd'),
  'ip vrf': all(placeholder, 'cmd'),
  'ip route': { ...all('a flag that kernels do not have', 'cleanup'), ...all('a family that gateways cannot have', 'bridge') },
  'ip rule': all('address translation by rules left the kernel with 2.6', 'nat'),
  'ip fou': all(placeholder, 'addr', 'ipproto-name'),
  'ip l2tp': all(sentence, 'bytes', 'digits', 'hex', 'or'),
  'ip macsec': all(sentence, '128-bit', '256-bit', '96-bit', 'hex', 'or', 'string'),
  bridge: all(placeholder, 'filename', 'name'),
  'ip link bareudp': all(sentence, 'etc'),
  'ip link can': all(sentence, 'bit', 'bps', 'in', 'millisecond', 'minimum', 'ms', 'mtq', 'nanosecond', 'ns', 'per', 'quanta', 'second', 'tc', 'time'),
  'ip link erspan': erspan, 'ip link ip6erspan': ip6, 'ip link ip6gre': ip6, 'ip link ip6gretap': ip6, 'ip link ip6tnl': all(sentence, 'default'),
  'ip link hsr': all(sentence, 'frames'),
  'ip link ipip': all('prefixes of 6rd are of sit: the kernel takes them there only', '6rd-prefix', '6rd-relay_prefix', '6rd-reset'),
  'ip link macvlan': queues, 'ip link macvtap': queues,
  'ip link vxlan': all('a tunnel to anywhere is one without an address', 'any'),
  'ip link rmnet': all(sentence, 'ingress'),
};
