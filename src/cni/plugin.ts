/** What a plugin is: one function a command. */
import type { Firewall } from './firewall.ts';
import type { CniRequest } from './request.ts';
import type { Result } from './result.ts';

export interface Plugin {
  /** Makes the attachment, all of it or nothing. */
  add(request: CniRequest, firewall: Firewall): Result;
  /** Takes it away; what is gone already is no error. */
  del(request: CniRequest, firewall: Firewall): void;
  /** Throws when something is not as ADD left it. */
  check(request: CniRequest, firewall: Firewall): void;
  /** Throws when ADD could not be served now. */
  status?(request: CniRequest): void;
  /** Takes away what belongs to no valid attachment. */
  gc?(request: CniRequest, firewall: Firewall): void;
}
