/** Words of the real tools' help that nlkit does not take, by page, each with the reason. */
type Reasons = Readonly<Record<string, string>>;

const all = (reason: string, ...words: string[]): Reasons => Object.fromEntries(words.map((word) => [word, reason]));

const placeholder = 'stands for a value';
const sentence = 'part of a sentence';
const erspan = all(placeholder, 'hwid', 'version');
const ip6 = { ...erspan, ...all(sentence, 'default') };
const queues = all(sentence, '32-bit', 'broadcast', 'for', 'integer', 'queueing');

const gone = (...words: string[]): Reasons => all('left the kernel with 6.3', ...words);
const look = (...words: string[]): Reasons => all(sentence, ...words);
const actions = look('actions', 'at', 'individual', 'look');
const bpf = look('a', 'an', 'and', 'c', 'case', 'containing', 'default', 'definitions', 'domain', 'eBPF', 'f', 'file', 'in', 'k', 'map', 'or', 'order', 'points', 's', 'socket', 't', 'to', 'unix');

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
  tc: { ...all('maps of BPF are not handed on to other programs', 'exec'), ...all('numbers of the kernel\'s own: what it tells is in "nlkit decode" and --dry-run', 'raw'), ...all('there is no database of names for classes', 'names'), ...all(placeholder, 'filename', 'name', 'path') },
  'tc qdisc': { ...gone('cbq'), ...look('etc', 'fifo', 'try') }, 'tc class': { ...gone('cbq'), ...look('etc', 'prio', 'try') },
  'tc filter': { ...gone('rsvp'), ...look('classifier', 'depends', 'etc', 'format', 'on', 'see', 'there', 'try') }, 'tc actions': look('has', 'its', 'own', 'parameters', 'usage'),
  'tc qdisc cake': look('defaults', 'marks'),
  'tc qdisc fq': all('horizon_cap and horizon_drop', 'cap', 'drop', 'horizon_'), 'tc qdisc fq_pie': all('no_dq_rate_estimator', 'no_'),
  'tc qdisc gred': look('replace'), 'tc qdisc hfsc': look('class', 'for', 'packets', 'unclassified'),
  'tc qdisc htb': {
    ...all('words of its classes', 'burst', 'cburst', 'ceil', 'mpu', 'mtu', 'overhead', 'prio', 'quantum', 'rate', 'linklay'), ...all('tc itself does not take it', 'pslot', 'slot'),
    ...look('a', 'adapting', 'allocated', 'at', 'atm', 'borrow', 'borrows', 'but', 'bytes', 'can', 'class', 'computations', 'computed', 'create', 'definite', 'e.g', 'enable', 'for', 'from', 'hardware', 'how', 'in', 'leaf', 'linklayer', 'map', 'max', 'minimum', 'much', 'no', 'once', 'packet', 'per-packet', 'serve', 'size', 'still', 'this', 'to', 'upper', 'use', 'used', 'version', 'we'),
  },
  'tc qdisc mqprio': all(placeholder, 'count1', 'count2', 'offset1', 'offset2'), 'tc qdisc netem': all('the name of a file of iproute2', 'custom', 'uniform'), 'tc qdisc prio': all('the kernel does not look at it', 'multiqueue'),
  'tc qdisc taprio': all(placeholder, 'cmd', 'delay', 'gate-mask', 'index', 'interval', 'time'), 'tc class hfsc': look('delay', 'format', 'maximum'),
  'tc filter basic': actions, 'tc filter matchall': actions, 'tc filter route': actions, 'tc filter u32': look('or', 'u'), 'tc filter flow': look('hashing', 'mapping', 'mode'),
  'tc filter fw': look('an', 'classification', 'device', 'for', 'incoming', 'matching', 'on', 'packets', 'specify'),
  'tc filter flower': { ...actions, ...all(placeholder, 'port_number'), ...look('different', 'has', 'he', 'mask', 'specify', 'to') },
  'tc filter bpf': { ...all('maps of BPF are not handed on to other programs', 'export'), ...actions, ...bpf, ...look('classifier', 'options', 'remaining') },
  'tc actions bpf': { ...all('maps of BPF are not handed on to other programs', 'export'), ...bpf, ...look('use', 'action', 'bad', 'creation', 'existing', 'explicitly', 'optionally', 'parse_action', 'parsing', 'specifies', 'upon', 'value') },
  'tc actions csum': look('or'), 'tc actions ctinfo': look('applied', 'bitmask', 'conditional', 'determine', 'mark', 'mask', 'on', 'restoration', 'restoring', 'statemask', 'to'), 'tc actions gact': look('action', 'exceeding', 'not', 'used', 'value'),
  'tc actions gate': look('decide', 'direct', 'internal', 'number', 'queue', 'rx', 'specified', 'to', 'which'), 'tc actions ife': look('16-bit', '32-bit', 'address', 'bit', 'byte', 'direction', 'e.g', 'encoding', 'ethertype', 'metadata', 'optional', 'specified', 'table', 'to', 'used', 'value'),
  'tc actions mirred': look('32-bit', 'block', 'unsigned', 'where'), 'tc actions mpls': look('default', 'with'), 'tc actions nat': look('action', 'bad', 'construct', 'parse_action', 'parsing', 'value'), 'tc actions pedit': all('tc itself does not take it', 'icmp'),
  'tc actions police': look('exceed', 'handle', 'how', 'packets', 'to', 'which'), 'tc actions sample': look('where'), 'tc actions simple': look('an', 'arbitrary', 'being', 'optional', 'string', 'used', 'value'),
  'tc actions skbedit': look('applied', 'assign', 'by', 'classID', 'default', 'device', 'field', 'firewall', 'maps', 'mask', 'note', 'queue', 'set', 'skb', 'to', 'transmit', 'use'), 'tc actions skbmod': look('address', 'bit', 'byte', 'ethertype', 'optional', 'to', 'use', 'value'),
  'tc actions tunnel_key': look('mandatory'), 'tc actions vlan': look('default', 'with'),
};
