/** Kinds of link that take no data of their own. */
import { attrs } from '../../../codec/index.ts';

/** No attributes: whatever a driver sends nevertheless is kept as unknown. */
export class None extends attrs('', {}) {}
