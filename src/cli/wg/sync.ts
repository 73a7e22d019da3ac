/** A file's differences from what a device is: peers that stay are not made anew, so that they go on talking. */
import { WIREGUARD_KEY_LENGTH, type WireguardDevice, type WireguardPeer } from '../../families/generic/wireguard.ts';
import { isWireguardKey, wireguardKeyText } from '../../generic/index.ts';

const keyOf = ({ publicKey }: WireguardPeer): string => (publicKey ? wireguardKeyText(publicKey) : '');

/** The change that makes `there` what the file says: `wanted`, which would replace all peers. */
export function synced(wanted: WireguardDevice, there: WireguardDevice): WireguardDevice {
  const { peers: before = [] } = there, { flags: _, peers: named = [], ...own } = wanted;
  if (before.length === 0) return wanted;
  const known = new Map(before.map((peer) => [keyOf(peer), peer])), kept = new Set(named.map(keyOf));
  const gone = before.filter((peer) => !kept.has(keyOf(peer))).map(({ publicKey }): WireguardPeer => ({ ...(publicKey && { publicKey }), flags: ['removeMe'] }));
  // What the file leaves out goes where the device has it.
  const changed = named.map((peer): WireguardPeer => {
    const was = known.get(keyOf(peer));
    return {
      ...peer,
      ...(isWireguardKey(was?.presharedKey) && !peer.presharedKey && { presharedKey: new Uint8Array(WIREGUARD_KEY_LENGTH) }),
      ...(was?.persistentKeepaliveInterval && peer.persistentKeepaliveInterval === undefined && { persistentKeepaliveInterval: 0 }),
    };
  });
  return { ...own, peers: [...gone, ...changed] };
}
