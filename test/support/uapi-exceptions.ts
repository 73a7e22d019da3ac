/** What the kernel's user headers cannot confirm, or what is left out on purpose: each with its reason. */
type Reasons = Readonly<Record<string, string>>;

/** Attributes and messages that no user header names. */
export const absentNames: Reasons = {
  IFLA_CAIF_IPV4_CONNID: 'if_caif.h left the kernel with CAIF (7.1)',
  IFLA_CAIF_IPV6_CONNID: 'if_caif.h left the kernel with CAIF (7.1)',
  IFLA_CAIF_LOOPBACK: 'if_caif.h left the kernel with CAIF (7.1)',
  AF_INET: 'address families are numbered by the C library',
  AF_INET6: 'address families are numbered by the C library',
  AF_MCTP: 'address families are numbered by the C library',
  AF_MPLS: 'address families are numbered by the C library',
};
/** How names begin that are in no user header, as the header that has them is the kernel's own; the kernel's answers and the tools beside which tests run say that they are right. */
export const absentPrefixes: Reasons = {
  ACPI_GENL_: 'drivers/acpi/event.c',
  HWSIM_: 'drivers/net/wireless/virtual/mac80211_hwsim.h',
  NL802154_: 'include/net/nl802154.h',
  NLBL_: 'net/netlabel/netlabel_*.h',
};
/** Messages whose numbers the headers cannot tell. */
export const absentMessages: Reasons = {
  NFNL_MSG_BATCH_BEGIN: 'NLMSG_MIN_TYPE, which nfnetlink.h does not include',
  NFNL_MSG_BATCH_END: 'NLMSG_MIN_TYPE + 1, which nfnetlink.h does not include',
  FIB_LOOKUP: 'the kernel looks at no type',
};
/** Multicast groups that no user header names. */
export const absentGroups: Reasons = {
  UDEV_MONITOR_KERNEL: 'a bare 1 in lib/kobject_uevent.c; the name is libudev\'s',
  UDEV_MONITOR_UDEV: 'udev\'s own',
};
/** Prefix of message names -> the constant that is the upper byte of their type; of RDMA, the upper 6 bits. */
export const subsystems: Readonly<Record<string, string>> = { RDMA_NLDEV_CMD_: 'RDMA_NL_NLDEV', NFT_MSG_: 'NFNL_SUBSYS_NFTABLES', NFNL_MSG_COMPAT_: 'NFNL_SUBSYS_NFT_COMPAT', NFNL_MSG_HOOK_: 'NFNL_SUBSYS_HOOK', IPCTNL_MSG_CT_: 'NFNL_SUBSYS_CTNETLINK', IPCTNL_MSG_EXP_: 'NFNL_SUBSYS_CTNETLINK_EXP', IPCTNL_MSG_TIMEOUT_: 'NFNL_SUBSYS_CTNETLINK_TIMEOUT', NFQNL_MSG_: 'NFNL_SUBSYS_QUEUE', NFULNL_MSG_: 'NFNL_SUBSYS_ULOG', OSF_MSG_: 'NFNL_SUBSYS_OSF', NFNL_MSG_ACCT_: 'NFNL_SUBSYS_ACCT', NFNL_MSG_CTHELPER_: 'NFNL_SUBSYS_CTHELPER', IPSET_CMD_: 'NFNL_SUBSYS_IPSET' };
/** What a schema's prefix makes of a name -> what it is called in the headers. */
export const otherwiseNamed: Readonly<Record<string, string>> = { NFT_DROP: 'NF_DROP', NFT_ACCEPT: 'NF_ACCEPT', NFT_STOLEN: 'NF_STOLEN', NFT_QUEUE: 'NF_QUEUE', NFT_REPEAT: 'NF_REPEAT', CN_IDX_W1: 'CN_W1_IDX', CN_IDX_DST: 'CN_DST_IDX', CN_IDX_KVP: 'CN_KVP_IDX', CN_IDX_VSS: 'CN_VSS_IDX', ...Object.fromEntries(['HE_RU_ALLOC_2x996', ...['2x996', '2x996P484', '3x996', '3x996P484', '4x996'].map((size) => `EHT_RU_ALLOC_${size}`)].map((name) => [`NL80211_RATE_INFO_${name.toUpperCase()}`, `NL80211_RATE_INFO_${name}`])) };
/** Headers of which schemas declare every name, but for what `unsaid` has. */
export const wholeHeaders: readonly string[] = ['netfilter/nfnetlink.h', 'netfilter/nf_tables.h', 'netfilter/nf_tables_compat.h', 'netfilter/nfnetlink_hook.h', 'netfilter/nfnetlink_conntrack.h', 'netfilter/nfnetlink_queue.h', 'netfilter/nfnetlink_log.h', 'netfilter/nfnetlink_acct.h', 'netfilter/nfnetlink_cthelper.h', 'netfilter/nfnetlink_cttimeout.h', 'xfrm.h', 'cryptouser.h', 'selinux_netlink.h', 'genetlink.h', 'mptcp_pm.h', 'tcp_metrics.h', 'seg6_genl.h', 'ioam6_genl.h', 'ethtool_netlink.h', 'ethtool_netlink_generated.h', 'wireguard.h', 'openvswitch.h'].map((name) => `linux/${name}`);
/** Patterns of names that no schema says. */
export const unsaid: Reasons = {
  NFNETLINK_V0: 'the only version of nfgenmsg',
  'NFNL_SUBSYS_\\w+': 'subsystems: numbers within message types',
  'NFT_REG(_|32_)(VERDICT|\\d+)': 'registers are numbers',
  'NFT_\\w*REG(32)?_(SIZE|COUNT)': 'how large registers are',
  'NFT_\\w+_(MAXLEN|MAXNAMELEN|MAXGENRELEN)|NFT_NAME_MAXLEN': 'limits of the kernel',
  'NFT_\\w+_MASK|NFT_CHAIN_FLAGS': 'all flags together',
  'NFT_REJECT_ICMPX_(NO_ROUTE|PORT_UNREACH|HOST_UNREACH|ADMIN_PROHIBITED)': 'what a code means depends on the type beside it: codes are numbers',
  NFT_META_IFTYPE: 'NFT_META_IIFTYPE, as the other name beside OIFTYPE is',
  NFT_BITWISE_BOOL: 'the former name of NFT_BITWISE_MASK_XOR',
  'CTA_NAT_SEQ_\\w+|CTA_NAT(_M(IN|AX)IP)?': 'former names: of CTA_SEQADJ_*, CTA_NAT_SRC, and what is of IPv4',
  'GENL_(NAMSIZ|MIN_ID|MAX_ID|HDRLEN|ID_\\w+|START_ALLOC)': 'sizes and numbers of generic netlink itself',
  'MPTCP_PM_VER|(TCP_METRICS|SEG6|IOAM6|ETHTOOL|WG)_GENL_VERSION': 'versions of families, which are declared with them',
  MPTCP_PM_ENDPOINT_ADDR: 'MPTCP_PM_ATTR_ADDR, where requests take nothing else',
  'TCP_METRIC_\\w+': 'numbers of values; those of attributes are TCP_METRICS_A_METRICS_*',
  IOAM6_MAX_SCHEMA_DATA_LEN: 'a limit of the kernel',
  WG_KEY_LEN: 'a constant of the schemas',
  'OVS_\\w+_VERSION|OVS_DP_VER_FEATURES': 'versions of families, which are declared with them',
  'OVS_KEY_ATTR_(ND_EXTENSIONS|TUNNEL_INFO)': 'not for the kernel to be told, or within it only',
  'OVSP_LOCAL|OVS_ZONE_LIMIT_DEFAULT_ZONE|OVS_CT_LABELS_LEN(_32)?|NSH_MD1_CONTEXT_SIZE|OVS_PSAMPLE_COOKIE_MAX_SIZE': 'numbers that stand for something, and sizes',
  OVS_CS_F_NAT_MASK: 'both flags together',
  OVS_MPLS_L3_TUNNEL_FLAG_MASK: 'the one bit of a number',
  'CRYPTO_(NR_MSGTYPES|MAX_NAME|REPORT_MAXSIZE)': 'sizes',
  'SELNL_GRP_\\w+': 'groups as bits of an address, as bind(2) took them',
  'XFRM_POLICY_MASK|XFRM_MIGRATE_STATE_KNOWN_FLAGS': 'all values, or all flags, together',
  'XFRM_SC_(DOI|ALG)_RESERVED': 'zero',
  XFRM_INF: 'no limit: a constant of the schemas',
  XFRM_NR_MSGTYPES: 'how many messages there are',
  XFRMA_OUTPUT_MARK: 'the former name of XFRMA_SET_MARK',
  ETHTOOL_FLAG_ALL: 'all flags together',
  'ETHTOOL_(C33_)?PSE_EVENT_\\w+': 'bits of a number of 4 or 8 bytes',
  'XFRMGRP_\\w+': 'groups as bits of an address, as bind(2) took them',
};
/** Enum and flag names that no user header has, though a schema gives their prefix. */
export const absentEnums: Reasons = {};
/** Structs that are not in the user headers. */
export const absentStructs: Reasons = {
  __kernel_sockaddr_storage: 'linux/socket.h, which the libraries have their own of',
  sk_meminfo: 'an array of u32 that enum SK_MEMINFO_* indexes',
  fib_result_nl: 'include/net/ip_fib.h',
  audit_sig_info: 'include/linux/audit.h',
  'audit record': 'text, without a struct',
  'cn_msg, its cb_id flat': 'cn_msg begins with a struct, whose members are its own here',
  ack: 'a struct within proc_event, without a name',
  xfrm_info: 'net/xfrm/xfrm_user.c reads a bare u32',
  'genlmsghdr and ovs_header': 'two headers, one behind the other: the kernel takes each for itself',
  'value and mask': 'an attribute of Open vSwitch with its payload twice; the kernel takes the halves apart by length',
  acpi_genl_event: 'drivers/acpi/event.c',
  hwsim_tx_rate: 'drivers/net/wireless/virtual/mac80211_hwsim.h',
  hwsim_tx_rate_flag: 'drivers/net/wireless/virtual/mac80211_hwsim.h',
  mdb_router_port: 'the attributes\' parent is a bare port index; the kernel has no struct for it',
};
/** Structs that a schema declares together with what follows them. */
export const followed: Reasons = {
  nduseroptmsg: 'the options that opts_len counts follow the struct',
};
/** Enums of which a schema declares only some, by prefix. */
export const incomplete: Reasons = {
};
/** Single attributes that are left out. */
export const notDeclared: Reasons = {
  OVS_KEY_ATTR_ND_EXTENSIONS: 'ovs-vswitchd tells itself; the kernel refuses it',
  OVS_KEY_ATTR_TUNNEL_INFO: 'within the kernel only',
};
/** struct.key -> the C member, where the name is not the mechanical one. */
export const members: Reasons = {
  'br_mdb_entry.addr': 'addr.u',
  'br_mdb_entry.proto': 'addr.proto',
};
