/** Names of Ethernet protocols. */
export { etherTypeName, etherTypeNumber } from '../../route/ethertypes.ts';
