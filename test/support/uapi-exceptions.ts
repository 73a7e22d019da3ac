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
/** Enum and flag names that no user header has, though a schema gives their prefix. */
export const absentEnums: Reasons = {};
/** Structs that are not in the user headers. */
export const absentStructs: Reasons = {
  sk_meminfo: 'an array of u32 that enum SK_MEMINFO_* indexes',
  mdb_router_port: 'the attributes\' parent is a bare port index; the kernel has no struct for it',
};
/** Structs that a schema declares together with what follows them. */
export const followed: Reasons = {
  nduseroptmsg: 'the options that opts_len counts follow the struct',
};
/** Enums of which a schema declares only some, by prefix. */
export const incomplete: Reasons = {
  DEVLINK_ATTR_: 'rtnetlink carries only the handle of a devlink port; the rest is generic netlink\'s',
  DPLL_A_PIN_: 'rtnetlink carries only the id of a pin; the rest is generic netlink\'s',
};
/** Single attributes that are left out. */
export const notDeclared: Reasons = {};
/** struct.key -> the C member, where the name is not the mechanical one. */
export const members: Reasons = {
  'br_mdb_entry.addr': 'addr.u',
  'br_mdb_entry.proto': 'addr.proto',
};
