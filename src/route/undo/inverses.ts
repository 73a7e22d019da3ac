/** How each request is taken back. A type that is not here cannot be. */
import { addressInverses } from './addresses.ts';
import type { Inverse } from './inverse.ts';
import { linkInverses } from './links.ts';
import { objectInverses } from './objects.ts';
import { deleteRoute, newRoute } from './routes.ts';

/** By the message's key. */
export const inverses: Readonly<Record<string, Inverse>> = {
  ...linkInverses,
  ...addressInverses,
  newroute: newRoute, delroute: deleteRoute,
  ...objectInverses,
};
