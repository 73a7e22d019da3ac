/** The netlink codec: schemas as data, and what they mean in bytes. No `node:` import: it runs in a browser. */
export { checkKeys, DecodeError, EncodeError, didYouMean, type Keys } from './errors.ts';
export * from './scalars.ts';
export * from './schema.ts';
export { fixedSize, sizeOf, type Place } from './layout.ts';
export { ipv4Text, ipv6Text, macText, parseIpv4, parseIpv6, parseMac } from './address.ts';
export { decode, decoder, encode, spans, HOST_LITTLE_ENDIAN, type DecodeOptions, type Decoder } from './decode.ts';
export { caseOf, MAX_DEPTH, NESTED, resolve, roomFor, TYPE_MASK, type Span } from './source.ts';
export { mayCompile } from './compile.ts';
export { project } from './project.ts';
export { Writer } from './writer.ts';
export {
  COMMON_FLAGS, frames, HEADER_SIZE, headerFlags, NLMSG, NLMSG_MIN_TYPE, NLM_F_DUMP, Nlmsghdr, VERB_FLAGS, writeFrame, type FlagName, type Frame, type Header, type Verb,
} from './frame.ts';
export { CONTROL_NAMES, decodeControl, ExtAck, Policy, writeControl, type DoneBody, type ErrorBody } from './control.ts';
export { bodySchema, commandOf, decodeMessage, encodeMessage, flagNumber, isProtocols, isUnasked, messageName, messageOf, protocol, schemaOf, type Decoded, type DecodeMessageOptions, type GroupTable, type MessageTable, type MessageType, type Protocol } from './protocol.ts';
export { genericFamily, genericProtocol, Genlmsghdr, NETLINK_GENERIC, type AnyGenericFamily, type CommandTable, type FamilyProtocol, type GenericFamily } from './generic.ts';
export { decodeUevent, encodeUevent, type Uevent } from './uevent.ts';
