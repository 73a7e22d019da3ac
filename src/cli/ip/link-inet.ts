/** `ip link set DEVICE inet forwarding on rp_filter 2`: settings of /proc/sys/net/ipv4/conf in a link's message (net/ipv4/devinet.c, inet_set_link_af). */
import { inetConf } from '../../families/route/link-afspec.ts';
import { usage } from '../errors.ts';
import { act, at, store, to, type Draft, type Grammar, type Row, type ValueType } from '../grammar.ts';
import { integer, onOff, s32, u32 } from '../values.ts';
import { didYouMean, keysOf, type Words } from '../words.ts';
import type { Context } from '../context.ts';

const switches = {
  forwarding: 'forwarding', proxy_arp: 'proxyArp', accept_redirects: 'acceptRedirects', secure_redirects: 'secureRedirects', send_redirects: 'sendRedirects', shared_media: 'sharedMedia',
  accept_source_route: 'acceptSourceRoute', bootp_relay: 'bootpRelay', log_martians: 'logMartians', arp_filter: 'arpfilter', disable_xfrm: 'noxfrm', disable_policy: 'nopolicy',
  promote_secondaries: 'promoteSecondaries', arp_notify: 'arpNotify', accept_local: 'acceptLocal', src_vmark: 'srcVmark', proxy_arp_pvlan: 'proxyArpPvlan', route_localnet: 'routeLocalnet',
  bc_forwarding: 'bcForwarding', ignore_routes_with_linkdown: 'ignoreRoutesWithLinkdown', drop_unicast_in_l2_multicast: 'dropUnicastInL2Multicast',
  drop_gratuitous_arp: 'dropGratuitousArp', arp_evict_nocarrier: 'arpEvictNocarrier',
};
const settings: Grammar = {
  ...Object.fromEntries(Object.entries(switches).map(([name, key]) => [name, to(key, onOff)])),
  rp_filter: to('rpFilter', integer('{ 0 | 1 | 2 }', 0, 2)), arp_announce: to('arpAnnounce', integer('{ 0 | 1 | 2 }', 0, 2)), arp_ignore: to('arpIgnore', integer('0..8', 0, 8)),
  arp_accept: to('arpAccept', integer('{ 0 | 1 | 2 }', 0, 2)), force_igmp_version: to('forceIgmpVersion', integer('{ 0 | 1 | 2 | 3 }', 0, 3)), tag: to('tag', s32('TAG')), medium_id: to('mediumId', s32('ID')),
  igmpv2_unsolicited_report_interval: to('igmpv2UnsolicitedReportInterval', u32('MILLISECONDS')), igmpv3_unsolicited_report_interval: to('igmpv3UnsolicitedReportInterval', u32('MILLISECONDS')),
};
const names = keysOf(settings);

const list: ValueType = {
  name: 'SETTING VALUE ...', choices: names, grammars: { inet: settings },
  /** They end where the link's own words go on. */
  read(words: Words, context: Context, after: string): Draft {
    const set: Draft = {};
    for (let name = words.peek(); name !== undefined && Object.hasOwn(settings, name); name = words.peek()) {
      const { path, type } = settings[words.next()] as Required<Row>;
      set[path] = type.read(words, context, name);
    }
    const word = words.peek() ?? '';
    if (Object.keys(set).length === 0) throw usage(word === '' ? `"${after}" needs a setting` : `"${word}" is not a setting of "${after}"`, didYouMean(word, names) ?? `${after} forwarding on`);
    return set;
  },
};

export const inet: Row = act((draft, value) => store(draft, 'afSpec.inet.conf', [...((at(draft, 'afSpec.inet.conf') ?? []) as number[]), ...inetConf(value as object)]), list, { repeat: true });
