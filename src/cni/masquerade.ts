/** Source NAT for what leaves the container's subnet. */
import { codes, CniError } from './error.ts';
import type { CniRequest } from './request.ts';
import type { AddressResult } from './result.ts';
import type { Undo } from './side.ts';

export function masquerade(_request: CniRequest, _ips: readonly AddressResult[], _undo: Undo): void {
  throw new CniError(codes.unsupportedField, 'ipMasq is not supported yet');
}
export function dropMasquerade(_request: CniRequest): void {}
export function sweepMasquerade(_request: CniRequest): void {}
