/** Names of Ethernet protocols, as iproute2's lib/ll_proto.c has them. Numbers: include/uapi/linux/if_ether.h. */
const names: Readonly<Record<string, number>> = {
  loop: 0x60, pup: 0x200, ip: 0x800, x25: 0x805, arp: 0x806, bpq: 0x8ff, ieeepup: 0xa00, ieeepupat: 0xa01, dec: 0x6000, dna_dl: 0x6001, dna_rc: 0x6002, dna_rt: 0x6003,
  lat: 0x6004, diag: 0x6005, cust: 0x6006, sca: 0x6007, rarp: 0x8035, atalk: 0x809b, aarp: 0x80f3, '802.1Q': 0x8100, ipx: 0x8137, ipv6: 0x86dd, ppp_disc: 0x8863, ppp_ses: 0x8864,
  atmmpoa: 0x884c, atmfate: 0x8884, '802_3': 1, ax25: 2, all: 3, '802_2': 4, snap: 5, ddcmp: 6, wan_ppp: 7, ppp_mp: 8, localtalk: 9, can: 0xc, ppptalk: 0x10, tr_802_2: 0x11, mobitex: 0x15, control: 0x16, irda: 0x17, econet: 0x18,
  tipc: 0x88ca, profinet: 0x8892, aoe: 0x88a2, ethercat: 0x88a4, '802.1ad': 0x88a8, mpls_uc: 0x8847, mpls_mc: 0x8848, teb: 0x6558, LLDP: 0x88cc, cfm: 0x8902,
};
export const etherTypeNames: readonly string[] = Object.keys(names);
const byNumber = new Map(Object.entries(names).reverse().map(([name, number]) => [number, name]));

export const etherTypeName = (number: number): string => byNumber.get(number) ?? `[${number}]`;
export function etherTypeNumber(word: string): number | undefined {
  const named = Object.entries(names).find(([name]) => name.toLowerCase() === word.toLowerCase());
  if (named) return named[1];
  return /^(0x[0-9a-f]{1,4}|\d{1,5})$/i.test(word) && Number(word) <= 0xffff ? Number(word) : undefined;
}
