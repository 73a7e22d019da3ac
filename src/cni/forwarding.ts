/** Settings of the host that routing for containers needs. */
import { isIpv6, type AddressResult } from './result.ts';
import { setAll } from './side.ts';

/** Lets the host forward packets of the families that there are addresses of. */
export function enableForwarding(ips: readonly Pick<AddressResult, 'address'>[]): void {
  if (ips.some(({ address }) => !isIpv6(address))) setAll([['ipv4/ip_forward', '1']]);
  if (ips.some(({ address }) => isIpv6(address))) setAll([['ipv6/conf/all/forwarding', '1']]);
}
