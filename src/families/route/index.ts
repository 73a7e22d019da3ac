/** NETLINK_ROUTE: every message of rtnetlink with its schema, and its multicast groups. Source: include/uapi/linux/rtnetlink.h. */
import { protocol } from '../../codec/index.ts';
import { Address } from './address.ts';
import { Addrlabel } from './addrlabel.ts';
import { Dcb } from './dcb.ts';
import { Cachereport } from './ipmr.ts';
import { Link, sparingLinks } from './link.ts';
import { Stats, StatsRequest } from './link-stats.ts';
import { Tunnel } from './link-tunnel.ts';
import { Mdb, MdbSet } from './mdb.ts';
import { nduseropt } from './nduseropt.ts';
import { Neighbour } from './neighbour.ts';
import { Neightbl } from './neightbl.ts';
import { Netconf } from './netconf.ts';
import { nexthopMessage } from './nexthop.ts';
import { Nsid } from './nsid.ts';
import { Prefix } from './prefix.ts';
import { routeMessage } from './route.ts';
import { Rule } from './rule.ts';
import { Action, tcClass, tcFilter, tcQdisc } from './tc/index.ts';
import { Vlandb, VlandbRequest } from './vlandb.ts';

export const route = protocol('route', 0, {
  prefix: 'RTM_',
  messages: {
    newlink: [16, Link], dellink: [17, Link], getlink: [18, Link], setlink: [19, Link],
    newaddr: [20, Address], deladdr: [21, Address], getaddr: [22, Address],
    newroute: [24, routeMessage], delroute: [25, routeMessage], getroute: [26, routeMessage],
    newneigh: [28, Neighbour], delneigh: [29, Neighbour], getneigh: [30, Neighbour],
    newrule: [32, Rule], delrule: [33, Rule], getrule: [34, Rule],
    newqdisc: [36, tcQdisc], delqdisc: [37, tcQdisc], getqdisc: [38, tcQdisc],
    newtclass: [40, tcClass], deltclass: [41, tcClass], gettclass: [42, tcClass],
    newtfilter: [44, tcFilter], deltfilter: [45, tcFilter], gettfilter: [46, tcFilter],
    newaction: [48, Action], delaction: [49, Action], getaction: [50, Action],
    newprefix: [52, Prefix],
    newmulticast: [56, Address], delmulticast: [57, Address], getmulticast: [58, Address],
    newanycast: [60, Address], delanycast: [61, Address], getanycast: [62, Address],
    newneightbl: [64, Neightbl], getneightbl: [66, Neightbl], setneightbl: [67, Neightbl],
    newnduseropt: [68, nduseropt],
    newaddrlabel: [72, Addrlabel], deladdrlabel: [73, Addrlabel], getaddrlabel: [74, Addrlabel],
    getdcb: [78, Dcb], setdcb: [79, Dcb],
    newnetconf: [80, Netconf], delnetconf: [81, Netconf], getnetconf: [82, Netconf],
    newmdb: [84, Mdb, undefined, MdbSet], delmdb: [85, Mdb, undefined, MdbSet], getmdb: [86, Mdb, undefined, MdbSet],
    newnsid: [88, Nsid], delnsid: [89, Nsid], getnsid: [90, Nsid],
    newstats: [92, Stats], getstats: [94, StatsRequest], setstats: [95, StatsRequest],
    newcachereport: [96, Cachereport],
    newchain: [100, tcFilter], delchain: [101, tcFilter], getchain: [102, tcFilter],
    newnexthop: [104, nexthopMessage], delnexthop: [105, nexthopMessage], getnexthop: [106, nexthopMessage],
    newlinkprop: [108, Link], dellinkprop: [109, Link], getlinkprop: [110, Link],
    newvlan: [112, Vlandb], delvlan: [113, Vlandb], getvlan: [114, VlandbRequest],
    newnexthopbucket: [116, nexthopMessage], delnexthopbucket: [117, nexthopMessage], getnexthopbucket: [118, nexthopMessage],
    newtunnel: [120, Tunnel], deltunnel: [121, Tunnel], gettunnel: [122, Tunnel],
  },
  sparing: { getlink: sparingLinks },
  groups: {
    link: [1, 'RTNLGRP_LINK'], notify: [2, 'RTNLGRP_NOTIFY'], neigh: [3, 'RTNLGRP_NEIGH'], tc: [4, 'RTNLGRP_TC'],
    ipv4Ifaddr: [5, 'RTNLGRP_IPV4_IFADDR'], ipv4Mroute: [6, 'RTNLGRP_IPV4_MROUTE'], ipv4Route: [7, 'RTNLGRP_IPV4_ROUTE'],
    ipv4Rule: [8, 'RTNLGRP_IPV4_RULE'], ipv6Ifaddr: [9, 'RTNLGRP_IPV6_IFADDR'], ipv6Mroute: [10, 'RTNLGRP_IPV6_MROUTE'],
    ipv6Route: [11, 'RTNLGRP_IPV6_ROUTE'], ipv6Ifinfo: [12, 'RTNLGRP_IPV6_IFINFO'], ipv6Prefix: [18, 'RTNLGRP_IPV6_PREFIX'],
    ipv6Rule: [19, 'RTNLGRP_IPV6_RULE'], ndUseropt: [20, 'RTNLGRP_ND_USEROPT'], phonetIfaddr: [21, 'RTNLGRP_PHONET_IFADDR'],
    phonetRoute: [22, 'RTNLGRP_PHONET_ROUTE'], dcb: [23, 'RTNLGRP_DCB'], ipv4Netconf: [24, 'RTNLGRP_IPV4_NETCONF'],
    ipv6Netconf: [25, 'RTNLGRP_IPV6_NETCONF'], mdb: [26, 'RTNLGRP_MDB'], mplsRoute: [27, 'RTNLGRP_MPLS_ROUTE'], nsid: [28, 'RTNLGRP_NSID'],
    mplsNetconf: [29, 'RTNLGRP_MPLS_NETCONF'], ipv4MrouteR: [30, 'RTNLGRP_IPV4_MROUTE_R'], ipv6MrouteR: [31, 'RTNLGRP_IPV6_MROUTE_R'],
    nexthop: [32, 'RTNLGRP_NEXTHOP'], brvlan: [33, 'RTNLGRP_BRVLAN'], mctpIfaddr: [34, 'RTNLGRP_MCTP_IFADDR'], tunnel: [35, 'RTNLGRP_TUNNEL'],
    stats: [36, 'RTNLGRP_STATS'], ipv4Mcaddr: [37, 'RTNLGRP_IPV4_MCADDR'], ipv6Mcaddr: [38, 'RTNLGRP_IPV6_MCADDR'],
    ipv6Acaddr: [39, 'RTNLGRP_IPV6_ACADDR'],
  },
});

export * from './address.ts';
export * from './addrlabel.ts';
export * from './dcb.ts';
export * from './encap-seg6.ts';
export * from './encap.ts';
export * from './family.ts';
export * from './ipmr.ts';
export { InetConf, inetConf } from './link-afspec.ts';
export * from './link-stats.ts';
export * from './link-tunnel.ts';
export * from './link.ts';
export * from './mdb.ts';
export * from './mpls.ts';
export * from './names.ts';
export * from './nduseropt.ts';
export * from './neighbour.ts';
export * from './neightbl.ts';
export * from './netconf.ts';
export * from './nexthop.ts';
export * from './nsid.ts';
export * from './prefix.ts';
export * from './route.ts';
export * from './rule.ts';
export * from './tc/index.ts';
export * from './vlandb.ts';
