/** From a family's name to a client that speaks it (net/netlink/genetlink.c). */
import type { AnyGenericFamily } from '../codec/index.ts';
import { NLCTRL_ID, nlctrl, type GenericFamilyInfo } from '../families/generic/nlctrl.ts';
import { Client, NetlinkError, type Reply, type Request, type SocketOptions } from '../socket/index.ts';

/** Where to work, and how patiently. */
export type FamilyOptions = Omit<SocketOptions, 'protocol'>;
/** A client of a family: `client.protocol.messages` are its commands. */
export type FamilyClient<F extends AnyGenericFamily> = Client<ReturnType<F['at']>>;

const control = nlctrl.at(NLCTRL_ID);
const question = ({ name: familyName }: AnyGenericFamily): Request => ({ message: control.messages.getfamily, body: { familyName } });

function answered<F extends AnyGenericFamily>(family: F, replies: readonly Reply[]): ReturnType<F['at']> {
  const { familyId, mcastGroups = [] } = (replies[0] as Reply).body as GenericFamilyInfo;
  return family.at(familyId as number, Object.fromEntries(mcastGroups.map(({ name, id }) => [name, id]))) as ReturnType<F['at']>;
}

/** What a kernel says that does not have the family, in words. */
function missing(family: AnyGenericFamily, error: unknown): unknown {
  if (!(error instanceof NetlinkError) || error.code !== 'ENOENT') return error;
  const { name, config, module } = family, hint = [
    module !== undefined && `its module is missing or not loaded ("modprobe ${module}")`, config !== undefined && `${module === undefined ? 'the kernel is' : 'or the kernel was'} built without ${config}`,
  ].filter(Boolean).join(', ');
  const { code, errno, syscall, request } = error as Required<NetlinkError>;
  return new NetlinkError({ code, errno, syscall, request, message: `${syscall}: ${code}: this kernel has no family "${name}" of generic netlink${hint && ` (${hint})`}`, ...(hint && { hint }), cause: error });
}

/**
 * Opens a family of generic netlink: one connection that speaks it, with `request`, `dump` and `monitor` as of any protocol. The kernel loads
 * the module where it has one for the name.
 * @throws {NetlinkError} ENOENT where the kernel does not have the family, with `hint`; what `Client.open` throws
 */
export async function open<const F extends AnyGenericFamily>(family: F, options: FamilyOptions = {}): Promise<FamilyClient<F>> {
  const asking = Client.open({ ...options, protocol: control });
  try {
    // A module may have to be loaded first.
    const replies = await asking.request(question(family), { offLoop: true }).catch((error: unknown) => { throw missing(family, error); });
    return Client.open({ ...options, protocol: answered(family, replies) });
  } finally {
    asking.close();
  }
}

/** The same on the spot. */
export function openSync<const F extends AnyGenericFamily>(family: F, options: FamilyOptions = {}): FamilyClient<F> {
  const asking = Client.open({ ...options, protocol: control });
  try {
    return Client.open({ ...options, protocol: answered(family, asking.requestSync(question(family))) });
  } catch (error) {
    throw missing(family, error);
  } finally {
    asking.close();
  }
}
