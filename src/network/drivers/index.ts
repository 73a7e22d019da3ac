import type { DriverName } from '../spec.ts';
import { bridge } from './bridge.ts';
import type { Driver } from './driver.ts';
import { ipvlan } from './ipvlan.ts';
import { macvlan } from './macvlan.ts';
import { vxlan } from './vxlan.ts';

/** One line a driver. */
export const drivers: Readonly<Record<DriverName, Driver>> = { bridge, macvlan, ipvlan, vxlan };
export { bridgeName } from './bridge.ts';
export { findLink, portSettings, type PortFlags, type Driver, type Endpoint, type Entry, type HostLink } from './driver.ts';
export { shares } from './vxlan.ts';
