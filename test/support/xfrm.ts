/** Whether the kernel has what tests of IPsec need. */
import { NetlinkError } from '../../src/socket/index.ts';
import { openXfrmSync } from '../../src/xfrm/index.ts';

/** What a kernel may lack: protocols, algorithms. */
export const lacking = (error: unknown): boolean => error instanceof NetlinkError && ['ENOSYS', 'EPROTONOSUPPORT', 'EOPNOTSUPP'].includes(error.code);
export const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at);
export const aead = { name: 'rfc4106(gcm(aes))', key: bytes(20), icvBits: 128 } as const;

/** Why there is no ESP with AES-GCM in this namespace. */
export function lacksEsp(): string | undefined {
  try {
    using xfrm = openXfrmSync();
    const state = { src: '192.0.2.1', dst: '192.0.2.2', proto: 'esp', mode: 'tunnel', spi: 1, aead } as const;
    xfrm.state.add(state);
    xfrm.state.delete(state);
    return undefined;
  } catch (error) {
    if (!lacking(error)) throw error;
    return `this kernel has no ESP: ${(error as Error).message}`;
  }
}
