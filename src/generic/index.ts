/** Generic netlink by family: the kernel is asked for a family's number, and a client speaks it. */
export { open, openSync, type FamilyClient, type FamilyOptions } from './family.ts';
export {
  isWireguardKey, joinDevice, newPresharedKey, newPrivateKey, openWireguard, openWireguardSync, parseWireguardKey, publicKeyOf, splitDevice, Wireguard, wireguardKeyText, type WireguardRef,
} from './wireguard.ts';
