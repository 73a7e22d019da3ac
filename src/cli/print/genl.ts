/** Families of generic netlink and what they check requests against, as `genl ctrl` prints them. */
import type { Policy } from '../../codec/index.ts';
import { genericOperationFlags, type GenericFamilyInfo } from '../../families/generic/nlctrl.ts';
import type { Json, Printer } from './printer.ts';

const hexadecimal = (value: number): string => `0x${value.toString(16)}`;
/** GENL_* in the order of their bits, in words. */
const capabilities: Readonly<Record<string, string>> = { adminPerm: ' requires admin permission;', cmdCapDo: ' can doit;', cmdCapDump: ' can dumpit;', cmdCapHaspol: ' has policy' };
const bits: Readonly<Record<string, number>> = genericOperationFlags.names;

/** What commands can do is told of every family: iproute2 6.1 takes the family's version for that of nlctrl, and leaves it out of those of version 1. */
export function printFamily(printer: Printer, body: Json): void {
  const { familyName, familyId = 0, familyVersion = 0, hdrsize = 0, maxattr = 0, ops = [], mcastGroups = [] } = body as GenericFamilyInfo;
  printer.object(null, () => {
    printer.value('name', '\nName: %\n', familyName);
    printer.value('id', '\tID: % ', familyId, { text: () => hexadecimal(familyId), json: Number });
    printer.value('version', ' Version: % ', familyVersion, { text: () => hexadecimal(familyVersion), json: Number });
    printer.value('hdrsize', ' header size: % ', hdrsize);
    printer.value('maxattr', ' max attribs: % ', maxattr);
    printer.text('\n');
    if (ops.length > 0) printer.array('commands', () => operations(printer, ops));
    if (mcastGroups.length > 0) printer.array('groups', () => groups(printer, mcastGroups));
  });
}

function operations(printer: Printer, ops: NonNullable<GenericFamilyInfo['ops']>): void {
  printer.text('\tcommands supported: \n');
  ops.forEach(({ id = 0, flags = [] }, i) => printer.object(null, () => {
    printer.value('id', `\t\t#${i + 1}:  ID-% `, id, { text: () => hexadecimal(id), json: Number });
    printer.list('flags', flags, `\n\t\tCapabilities (${hexadecimal(flags.reduce<number>((sum, flag) => sum | (typeof flag === 'number' ? flag : bits[flag] ?? 0), 0))}):\n `);
    printer.text(flags.length === 0 ? '\n' : `\t\t ${flags.map((flag) => capabilities[flag] ?? '').join('')}\n`);
    printer.text('\n');
  }));
  printer.text('\n');
}

function groups(printer: Printer, all: NonNullable<GenericFamilyInfo['mcastGroups']>): void {
  printer.text('\tmulticast groups:\n');
  all.forEach(({ id = 0, name }, i) => printer.object(null, () => {
    printer.value('id', `\t\t#${i + 1}:  ID-% `, id, { text: () => hexadecimal(id), json: Number });
    printer.value('name', ' name: % ', name);
    printer.text('\n');
  }));
  printer.text('\n');
}

/** NL_ATTR_TYPE_*: nulString is NUL_STRING. */
const typeName = (type: unknown): string => (typeof type === 'string' ? type.replace(/[A-Z]/g, '_$&').toUpperCase() : 'unknown');

export function printPolicy(printer: Printer, body: Json): void {
  const { familyId = 0, opPolicy = {}, policy = {} } = body as GenericFamilyInfo;
  printer.object(null, () => {
    printer.value('id', '\tID: % ', familyId, { text: () => hexadecimal(familyId), json: Number });
    for (const [op, uses] of Object.entries(opPolicy)) {
      printer.value('op', ' op % policies:', Number(op));
      printer.value('do', ' do=%', uses.do);
      printer.value('dump', ' dump=%', uses.dump);
    }
    for (const [index, all] of Object.entries(policy)) {
      printer.value('policy', ' policy[%]:', Number(index));
      for (const [attribute, one] of Object.entries(all)) check(printer, attribute, one);
    }
  });
  printer.text('\n');
}

function check(printer: Printer, attribute: string, one: Policy): void {
  printer.value('attribute', 'attr[%]:', Number(attribute));
  printer.value('type', ' type=%', typeName(one.type));
  const range = (least: bigint | undefined, most: bigint | undefined): void => {
    if (least === undefined || most === undefined) return;
    printer.text(` range:[${least},${most}]`);
    for (const [key, value] of [['min', least], ['max', most]] as const) printer.value(key, null, value);
  };
  range(one.minValueS, one.maxValueS);
  range(one.minValueU, one.maxValueU);
  printer.value('min_len', ' min len:%', one.minLength);
  printer.value('max_len', ' max len:%', one.maxLength);
  printer.value('nested', ' policy:%', one.policyIdx);
  printer.value('maxattr', ' maxattr:%', one.policyMaxtype);
  printer.value('mask', null, one.mask ?? one.bitfield32Mask);
}
