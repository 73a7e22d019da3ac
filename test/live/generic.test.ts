/** Families of generic netlink by name, from a program: questions, dumps, events, and a family that is not there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attrs, genericFamily, u32 } from '../../src/codec/index.ts';
import { ioam6, nlctrl, NLCTRL_ID, type GenericFamilyInfo, type Ioam6 } from '../../src/families/generic/index.ts';
import { open, openSync, type FamilyClient } from '../../src/generic/index.ts';
import { create, remove } from '../../src/namespace/index.ts';
import { Client, NetlinkError } from '../../src/socket/index.ts';
import { descriptors, isolate } from './support.ts';

const why = isolate();
if (why) console.warn(`skipped: ${why}`);

const none = genericFamily('nosuch', 1, { prefix: 'NONE_', commands: { get: [1, attrs('NONE_A_', { id: [1, u32] })] }, config: 'CONFIG_NOSUCH', module: 'nosuch' });

describe.skipIf(why)('a family by its name', () => {
  test('nlctrl tells of itself, and of all', async () => {
    await using client = await open(nlctrl);
    const { getfamily } = client.protocol.messages;
    const [reply] = await client.request({ message: getfamily, body: { familyName: 'nlctrl' } });
    expect(reply).toMatchObject({ message: { key: 'newfamily', name: 'CTRL_CMD_NEWFAMILY' }, body: { cmd: 'newfamily', familyId: NLCTRL_ID, familyName: 'nlctrl' } });
    const names = client.dumpSync({ message: getfamily, body: {} }).map((one) => (one as GenericFamilyInfo).familyName);
    expect(names).toContain('nlctrl');
    // Only what is asked for is decoded.
    expect(client.dumpSync({ message: getfamily, body: {} }, { select: ['familyId'] }).every((one) => Object.keys(one).every((key) => ['cmd', 'familyId'].includes(key)))).toBe(true);
    expect(client.protocol.groups).toEqual({ notify: [NLCTRL_ID, 'notify'] });
    client.monitor(['notify']).close();
  });

  test('one that the kernel does not have: ENOENT, and what to do', async () => {
    const before = descriptors();
    const told = { code: 'ENOENT', errno: -2, syscall: 'CTRL_CMD_GETFAMILY', hint: 'its module is missing or not loaded ("modprobe nosuch"), or the kernel was built without CONFIG_NOSUCH', message: expect.stringMatching(/no family "nosuch"/) as string };
    await expect(open(none)).rejects.toMatchObject(told);
    expect(() => openSync(none)).toThrow(expect.objectContaining(told) as Error);
    await expect(open(none)).rejects.toBeInstanceOf(NetlinkError);
    expect(descriptors()).toBe(before);
  });

  test('what is refused is told by path', () => {
    using client = openSync(nlctrl);
    const refused = (() => { try { client.requestSync({ message: client.protocol.messages.getfamily, body: { familyName: 'a name that is longer than any' } }); } catch (error) { return error; } return undefined; })();
    expect(refused).toMatchObject({ code: expect.stringMatching(/^E(INVAL|RANGE)$/) as string, syscall: 'CTRL_CMD_GETFAMILY', extack: { path: 'familyName' } });
  });

  const lacking = why ?? (() => { try { openSync(ioam6).close(); return undefined; } catch (error) { return (error as Error).message; } })();
  if (lacking && !why) console.warn(`skipped: ${lacking}`);
  describe.skipIf(lacking)('in a namespace', () => {
    beforeAll(() => { create('measured'); });
    afterAll(() => { remove('measured'); });
    const namespaces = (client: FamilyClient<typeof ioam6>): unknown[] => client.dumpSync({ message: client.protocol.messages.dumpNamespaces, body: {} }).map((one) => { const { nsId, nsData } = one as Ioam6; return { nsId, nsData }; });
    test('it is that namespace\'s own', async () => {
      await using there = await open(ioam6, { namespace: { name: 'measured' } });
      using here = openSync(ioam6);
      await there.request({ message: there.protocol.messages.addNamespace, body: { nsId: 5, nsData: 7 } });
      expect(namespaces(there)).toEqual([{ nsId: 5, nsData: 7 }]);
      expect(namespaces(here)).toEqual([]);
      await expect(there.request({ message: there.protocol.messages.addNamespace, body: { nsId: 5 } })).rejects.toMatchObject({ code: 'EEXIST', syscall: 'IOAM6_CMD_ADD_NAMESPACE' });
      expect(() => there.requestSync({ message: there.protocol.messages.addNamespace, body: { nsid: 5 } })).toThrow(/nsid.*nsId/);
    });
  });

  test('a client of one\'s own protocol needs no question', () => {
    using client = Client.open({ protocol: nlctrl.at(NLCTRL_ID) });
    expect(client.requestSync({ message: client.protocol.messages.getfamily, body: { familyId: NLCTRL_ID } })).toHaveLength(1);
  });
});
