/** Docker's network and IPAM plugin. */
export { Driver, publishOf } from './driver.ts';
export { PluginError, statuses } from './error.ts';
export { answer, type Answer, type Doing, type Request } from './protocol.ts';
export { MOST, serve, SOCKET } from './server.ts';
