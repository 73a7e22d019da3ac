/** Answers of devices that no test has: what a kernel would say of them, by the line that asks. What devlink 6.15 printed of them, when it was given them in place of the kernel's (a library in front of its sendto and recvmsg), is in devlink-printed.json. */
import type { Devlink } from '../../src/families/generic/index.ts';

type Message = 'get' | 'portGet' | 'sbGet' | 'sbPoolGet' | 'sbPortPoolGet' | 'sbTcPoolBindGet' | 'eswitchGet' | 'dpipeHeadersGet' | 'dpipeTableGet' | 'dpipeEntriesGet' | 'resourceDump' | 'paramGet' | 'portParamGet' | 'infoGet' | 'selftestsGet' | 'selftestsRun' | 'healthReporterGet' | 'healthReporterDiagnose' | 'rateGet' | 'linecardGet' | 'regionGet' | 'trapGet' | 'reload' | 'portNew' | 'regionRead';
type Answers = Readonly<Partial<Record<Message, readonly object[]>>>;

const dev = { busName: 'pci', devName: '0000:01:00.0' }, other = { busName: 'pci', devName: '0000:02:00.0' }, port = (portIndex: number) => ({ ...dev, portIndex });
const ports: readonly Devlink[] = [
  { ...port(1), portType: 'eth', portDesiredType: 'auto', portNetdevIfindex: 4, portNetdevName: 'eth4', portFlavour: 'physical', linecardIndex: 8, portNumber: 1, portSplitGroup: 3, portSplittable: 1, portLanes: 4 },
  { ...port(2), portType: 'ib', portIbdevName: 'mlx5_0', portFlavour: 'cpu', portSplittable: 0 },
  { ...port(3), portType: 'notset', portFlavour: 'pciSf', portControllerNumber: 0, portPciPfNumber: 0, portPciSfNumber: 88, portExternal: 0, portSplittable: 0, portFunction: { hwAddr: '00:00:00:00:88:88', state: 'active', opstate: 'attached', caps: { value: ['roce'], selector: ['roce', 'migratable', 'ipsecCrypto', 'ipsecPacket'] }, maxIoEqs: 10, devlink: [{ busName: 'auxiliary', devName: 'mlx5_core.sf.4' }] } },
  { ...port(4), portType: 'eth', portNetdevIfindex: 9, portNetdevName: 'pf0vf1', portFlavour: 'pciVf', portControllerNumber: 1, portPciPfNumber: 0, portPciVfNumber: 1, portExternal: 1, portSplittable: 0, portFunction: { hwAddr: '00:00:00:00:00:00', devlink: [{ busName: 'pci', devName: '0000:01:00.3', netnsId: -1 }] } },
];
const headers: readonly Devlink[] = [{ ...dev, dpipeHeaders: { dpipeHeader: [
  { dpipeHeaderName: 'ethernet', dpipeHeaderId: 'ethernet', dpipeHeaderGlobal: 1, dpipeHeaderFields: { dpipeField: [{ dpipeFieldName: 'destination mac', dpipeFieldId: 0, dpipeFieldBitwidth: 48, dpipeFieldMappingType: 'none' }] } },
  { dpipeHeaderName: 'ipv4', dpipeHeaderId: 'ipv4', dpipeHeaderGlobal: 1, dpipeHeaderFields: { dpipeField: [{ dpipeFieldName: 'destination ip', dpipeFieldId: 0, dpipeFieldBitwidth: 32, dpipeFieldMappingType: 'none' }] } },
  { dpipeHeaderName: 'ipv6', dpipeHeaderId: 'ipv6', dpipeHeaderGlobal: 1, dpipeHeaderFields: { dpipeField: [{ dpipeFieldName: 'destination ip', dpipeFieldId: 0, dpipeFieldBitwidth: 128, dpipeFieldMappingType: 'none' }] } },
  { dpipeHeaderName: 'mlxsw_meta', dpipeHeaderId: 'ethernet', dpipeHeaderGlobal: 0, dpipeHeaderFields: { dpipeField: [{ dpipeFieldName: 'erif_port', dpipeFieldId: 0, dpipeFieldBitwidth: 32, dpipeFieldMappingType: 'ifindex' }, { dpipeFieldName: 'l3_forward', dpipeFieldId: 1, dpipeFieldBitwidth: 1, dpipeFieldMappingType: 'none' }] } },
] } }];
const meta = (dpipeFieldId: number) => ({ dpipeHeaderId: 'ethernet', dpipeHeaderGlobal: 0, dpipeHeaderIndex: 0, dpipeFieldId }), global = (dpipeHeaderId: string) => ({ dpipeHeaderId, dpipeHeaderGlobal: 1, dpipeHeaderIndex: 0, dpipeFieldId: 0 });
const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all);
const tables: readonly object[] = [{ ...dev, dpipeTables: { dpipeTable: [
  { dpipeTableName: 'mlxsw_erif', dpipeTableSize: 800n, dpipeTableCountersEnabled: 0, dpipeTableMatches: { dpipeMatch: [{ dpipeMatchType: 'fieldExact', ...meta(0) }] }, dpipeTableActions: { dpipeAction: [{ dpipeActionType: 'fieldModify', ...meta(1) }] } },
  { dpipeTableName: 'mlxsw_host4', dpipeTableSize: 63n, dpipeTableCountersEnabled: 1, dpipeTableResourceId: 2n, dpipeTableResourceUnits: 1n, dpipeTableMatches: { dpipeMatch: [{ dpipeMatchType: 'fieldExact', ...meta(0) }, { dpipeMatchType: 'fieldExact', ...global('ipv4') }] }, dpipeTableActions: { dpipeAction: [{ dpipeActionType: 'fieldModify', ...global('ethernet') }] } },
] } }];
const resource = (resourceName: string, resourceId: bigint, more: object): object => ({ resourceName, resourceId, resourceSize: 100n, resourceUnit: 'entry', resourceSizeMin: 0n, resourceSizeMax: 1000n, resourceSizeGran: 10n, ...more });
const resources: readonly object[] = [{ ...dev, resourceList: { resource: [
  resource('kvd', 1n, { resourceSizeMax: 100n, resourceSizeMin: 100n, resourceSizeValid: 1, resourceList: { resource: [resource('hash', 2n, { resourceSizeNew: 120n, resourceOcc: 7n, resourceSizeValid: 1 }), resource('linear', 3n, { resourceSizeMax: 0xffffffffffffffffn, resourceSizeValid: 0, resourceList: { resource: [resource('singles', 4n, {})] } })] } }),
  resource('span', 9n, { resourceOcc: 0n }),
] } }];
const portPools: readonly Devlink[] = [1, 2].flatMap((index) => [0, 1, 4, 5, 6, 7].map((sbPoolIndex) => ({ ...port(index), sbIndex: 0, sbPoolIndex, sbThreshold: 3, sbOccCur: 96 * sbPoolIndex, sbOccMax: 1000 }) as Devlink));
const bindings: readonly Devlink[] = [1, 2].flatMap((index) => (['ingress', 'egress'] as const).flatMap((sbPoolType) => [0, 1, 2, 3].map((sbTcIndex) => ({ ...port(index), sbIndex: 0, sbTcIndex, sbPoolType, sbPoolIndex: sbPoolType === 'egress' ? 4 : 0, sbThreshold: 9, sbOccCur: 0, sbOccMax: 288 }) as Devlink)));
const param = (paramName: string, paramType: string, ...values: object[]): object => ({ paramName, paramGeneric: true, paramType, paramValuesList: { paramValue: values.map((value) => ({ ...value })) } });
const health = (healthReporterName: string, more: object): object => ({ healthReporterName, healthReporterState: 'healthy', healthReporterErrCount: 3n, healthReporterRecoverCount: 2n, ...more });
const said = { fmsgObjNestStart: true, fmsgPairNestStart: true, fmsgObjName: 'SQ', fmsgArrNestStart: true } as const;

/** Lines, and what is answered to each of the messages that they send. */
export const shown: Readonly<Record<string, Answers>> = {
  ...Object.fromEntries(['', ' -j', ' -jp', ' -n'].map((options) => [`devlink${options} port`, { portGet: ports }])),
  ...Object.fromEntries(['', ' -j'].flatMap((options): [string, Answers][] => [
    [`devlink${options} dev`, { get: [{ ...dev, reloadFailed: 1, nestedDevlink: [{ busName: 'auxiliary', devName: 'mlx5_core.eth.0' }, { busName: 'pci', devName: '0000:01:00.2', netnsId: -1 }] }, { ...other, reloadFailed: 0 }] }],
    [`devlink${options} dev info`, { infoGet: [{ ...dev, infoDriverName: 'nfp', infoSerialNumber: '123456', infoBoardSerialNumber: 'B-7', infoVersionFixed: [{ infoVersionName: 'board.id', infoVersionValue: 'AMDA0001' }, { infoVersionName: 'board.rev', infoVersionValue: '01' }], infoVersionStored: [{ infoVersionName: 'fw', infoVersionValue: '1.2' }] }, { ...other, infoDriverName: 'empty' }] }],
    [`devlink${options} dev eswitch show pci/0000:01:00.0`, { eswitchGet: [{ ...dev, eswitchMode: 'switchdev', eswitchInlineMode: 'transport', eswitchEncapMode: 'basic' }] }],
    [`devlink${options} dev param`, { paramGet: [{ ...dev, param: param('fw_load_policy', 'u8', { paramValueData: 1, paramValueCmode: 'driverinit' }, { paramValueData: 0, paramValueCmode: 'permanent' }) }, { ...dev, param: param('enable_sriov', 'flag', { paramValueCmode: 'permanent' }, { paramValueData: true, paramValueCmode: 'runtime' }) }, { ...other, param: param('flow_steering_mode', 'string', { paramValueData: 'dmfs', paramValueCmode: 'runtime' }) }] }],
    [`devlink${options} port param`, { portParamGet: [{ ...port(1), param: param('max_snoop', 'u16', { paramValueData: 5, paramValueCmode: 'runtime' }) }, { ...port(2), param: param('max_snoop', 'u32', { paramValueData: 70_000, paramValueCmode: 'runtime' }) }] }],
    [`devlink${options} dev selftests`, { selftestsGet: [{ ...dev, selftests: { flash: true } }, { ...other, selftests: { flash: true } }] }],
    [`devlink${options} dev selftests run pci/0000:01:00.0 id flash`, { selftestsRun: [{ ...dev, selftests: { result: [{ id: 1, status: 'pass' }] } }] }],
    [`devlink${options} sb`, { sbGet: [{ ...dev, sbIndex: 0, sbSize: 16777216, sbIngressPoolCount: 4, sbEgressPoolCount: 4, sbIngressTcCount: 8, sbEgressTcCount: 16 }, { ...other, sbIndex: 1, sbSize: 1, sbIngressPoolCount: 0, sbEgressPoolCount: 1, sbIngressTcCount: 2, sbEgressTcCount: 3 }] }],
    [`devlink${options} sb pool`, { sbPoolGet: [{ ...dev, sbIndex: 0, sbPoolIndex: 0, sbPoolType: 'ingress', sbPoolSize: 12399552, sbPoolThresholdType: 'dynamic', sbPoolCellSize: 96 }, { ...dev, sbIndex: 0, sbPoolIndex: 4, sbPoolType: 'egress', sbPoolSize: 13232064, sbPoolThresholdType: 'static' }] }],
    [`devlink${options} sb port pool`, { sbPortPoolGet: portPools, portGet: ports }],
    [`devlink${options} sb tc bind`, { sbTcPoolBindGet: bindings, portGet: ports }],
    [`devlink${options} sb occupancy show pci/0000:01:00.0`, { sbPortPoolGet: portPools, sbTcPoolBindGet: bindings, portGet: ports }],
    [`devlink${options} sb occupancy show pci/0000:01:00.0/2`, { sbPortPoolGet: portPools, sbTcPoolBindGet: bindings, portGet: ports }],
    [`devlink${options} -v dpipe header show pci/0000:01:00.0`, { dpipeHeadersGet: headers }],
    [`devlink${options} dpipe header show pci/0000:01:00.0`, { dpipeHeadersGet: headers }],
    [`devlink${options} dpipe table show pci/0000:01:00.0`, { dpipeHeadersGet: headers, resourceDump: resources, dpipeTableGet: tables }],
    [`devlink${options} dpipe table dump pci/0000:01:00.0 name mlxsw_host4`, { dpipeHeadersGet: headers, dpipeEntriesGet: [{ ...dev, dpipeEntries: { dpipeEntry: [
      { dpipeEntryIndex: 0n, dpipeEntryCounter: 12n, dpipeEntryMatchValues: { dpipeMatchValue: [{ dpipeMatch: [{ dpipeMatchType: 'fieldExact', ...meta(0) }], dpipeValueMapping: 7, dpipeValue: bytes(1, 0, 0, 0) }, { dpipeMatch: [{ dpipeMatchType: 'fieldExact', ...global('ipv4') }], dpipeValue: bytes(1, 2, 0, 10) }] }, dpipeEntryActionValues: { dpipeActionValue: [{ dpipeAction: [{ dpipeActionType: 'fieldModify', ...global('ethernet') }], dpipeValue: bytes(2, 0, 0, 0, 0xab, 9) }] } },
      { dpipeEntryIndex: 1n, dpipeEntryMatchValues: { dpipeMatchValue: [{ dpipeMatch: [{ dpipeMatchType: 'fieldExact', ...global('ipv6') }], dpipeValue: bytes(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1) }] }, dpipeEntryActionValues: { dpipeActionValue: [] } },
    ] } }] }],
    [`devlink${options} resource show pci/0000:01:00.0`, { dpipeTableGet: tables, resourceDump: resources }],
    [`devlink${options} -v resource show pci/0000:01:00.0`, { dpipeTableGet: tables, resourceDump: resources }],
    [`devlink${options} region`, { regionGet: [{ ...dev, regionName: 'cr-space', regionSize: 1048576n, regionSnapshots: { regionSnapshot: [{ regionSnapshotId: 1 }, { regionSnapshotId: 2 }] }, regionMaxSnapshots: 8 }, { ...dev, regionName: 'fw-health', regionSize: 64n, regionSnapshots: { regionSnapshot: [] } }] }],
    [`devlink${options} health`, { healthReporterGet: [{ ...dev, healthReporter: health('fw', { healthReporterDumpTs: 5n, healthReporterDumpTsNs: 1_700_000_000_123_456_789n, healthReporterGracefulPeriod: 60_000n, healthReporterAutoRecover: 0, healthReporterAutoDump: 1 }) }, { ...port(1), healthReporter: health('tx', { healthReporterState: 'error' }) }, { ...port(1), healthReporter: health('rx', {}) }] }],
    [`devlink${options} port health`, { healthReporterGet: [{ ...port(1), healthReporter: health('tx', { healthReporterState: 'error' }) }] }],
    [`devlink${options} -x health diagnose pci/0000:01:00.0/1 reporter tx`, { healthReporterDiagnose: [{ fmsg: [
      { ...said, fmsgObjValueType: 'u32', fmsgObjValueData: 4660 }, { fmsgObjNestStart: true, fmsgPairNestStart: true, fmsgObjName: 'sqn', fmsgObjValueType: 'u32', fmsgObjValueData: 138, fmsgNestEnd: true }, { fmsgPairNestStart: true, fmsgObjName: 'HW state', fmsgObjValueType: 'u8', fmsgObjValueData: 0, fmsgNestEnd: true },
      { fmsgPairNestStart: true, fmsgObjName: 'stopped', fmsgObjValueType: 'flag', fmsgObjValueData: 0, fmsgNestEnd: true }, { fmsgPairNestStart: true, fmsgObjName: 'at', fmsgObjValueType: 'u64', fmsgObjValueData: 0x123456789abcdefn, fmsgNestEnd: true }, { fmsgNestEnd: true }, { fmsgNestEnd: true }, { fmsgNestEnd: true },
      { fmsgPairNestStart: true, fmsgObjName: 'raw', fmsgArrNestStart: true, fmsgObjValueType: 'binary', fmsgObjValueData: Uint8Array.from({ length: 20 }, (_, i) => i), fmsgNestEnd: true }, { fmsgNestEnd: true }, { fmsgNestEnd: true },
    ] }] }],
    [`devlink${options} port function rate`, { rateGet: [{ ...port(3), rateType: 'leaf', rateTxShare: 1_250_000n, rateTxMax: 0n, rateTxPriority: 2, rateTxWeight: 3, rateParentNodeName: 'g1' }, { ...dev, rateNodeName: 'g1', rateType: 'node', rateTxMax: 125_000_000n }] }],
    [`devlink${options} -i port function rate`, { rateGet: [{ ...dev, rateNodeName: 'g1', rateType: 'node', rateTxMax: 131_072n }] }],
    [`devlink${options} lc`, { linecardGet: [{ ...dev, linecardIndex: 1, linecardState: 'active', linecardType: '16x100G', nestedDevlink: [{ busName: 'auxiliary', devName: 'mlxsw_core.lc.0' }], linecardSupportedTypes: { linecardType: ['16x100G', '8x200G'] } }, { ...dev, linecardIndex: 2, linecardState: 'provisioningFailed', linecardSupportedTypes: { linecardType: ['16x100G'] } }] }],
    [`devlink${options} -vs trap`, { trapGet: [{ ...dev, stats: { rxPackets: 2n, rxBytes: 120n, rxDropped: 1n }, trapName: 'ingress_flow_action_drop', trapAction: 'trap', trapType: 'drop', trapGeneric: true, trapMetadata: { inPort: true, faCookie: true }, trapGroupName: 'acl_drops' }, { ...dev, stats: { rxPackets: 0n, rxBytes: 0n }, trapName: 'mine', trapAction: 'mirror', trapType: 'control', trapMetadata: {}, trapGroupName: 'acl_trap' }] }],
    [`devlink${options} dev reload pci/0000:01:00.0 action fw_activate`, { reload: [{ ...dev, reloadActionsPerformed: { value: ['driverReinit', 'fwActivate'], selector: ['driverReinit', 'fwActivate'] } }] }],
  ])),
  'devlink port add pci/0000:01:00.0 flavour pcisf pfnum 0 sfnum 88': { portNew: [ports[2] as Devlink] },
  'devlink region read pci/0000:01:00.0/cr-space address 24 length 40': { regionRead: [{ ...dev, regionName: 'cr-space', regionChunks: { regionChunk: [{ regionChunkAddr: 24n, regionChunkData: Uint8Array.from({ length: 20 }, (_, i) => i) }, { regionChunkAddr: 44n, regionChunkData: Uint8Array.from({ length: 20 }, (_, i) => 0xf0 - i) }] } }] },
};

const P = 'pci/0000:01:00.0', lines = (command: string, ...all: string[]): string[] => all.map((rest) => `devlink ${command} ${rest}`.trim());
/** Lines that are sent as they are: the bytes that devlink 6.15 sends for them are in devlink-sent.json. */
export const asked: readonly string[] = [
  ...lines('dev', '', 'show', `show ${P}`, `eswitch show ${P}`, `eswitch set ${P} mode switchdev`, `eswitch set ${P} mode legacy inline-mode transport encap-mode basic`, `eswitch set ${P} encap-mode none`, `eswitch set ${P} encap enable`, 'param', 'param show', `param show ${P} name max_macs`,
    `reload ${P}`, `reload ${P} action fw_activate limit no_reset`, `reload ${P} action driver_reinit`, 'reload pci/0000:01:00.0 netns 12345', 'info', `info ${P}`, `selftests show ${P}`, 'selftests', `selftests run ${P}`, `selftests run ${P} id flash`),
  ...lines('port', '', `show ${P}/1`, `set ${P}/1 type eth`, `set ${P}/1 type auto`, `split ${P}/1 count 4`, `unsplit ${P}/1`, `param show ${P}/1 name x`, `function set ${P}/3 state active hw_addr 00:00:00:00:00:01`, `function set ${P}/3 roce disable migratable enable`, `function set ${P}/3 ipsec_packet true ipsec_crypto false max_io_eqs 10`,
    `add ${P} flavour pcisf pfnum 0 sfnum 88`, `add ${P}/10 flavour pcipf pfnum 1 controller 2`, `del ${P}/32768`, 'health', `health show ${P}/1 reporter tx`),
  ...lines('port function rate', '', `show ${P}/3`, `show ${P}/g1`, `add ${P}/g1 tx_max 100mbit`, `add ${P}/g2 tx_share 10mbit tx_max 1.5gbit tx_priority 2 tx_weight 3 parent g1`, `del ${P}/g1`, `set ${P}/3 tx_share 1mibps tx_max 10gbit`, `set ${P}/3 parent g1`, `set ${P}/g2 noparent tx_weight 7`),
  ...lines('sb', '', `show ${P}`, `show ${P} sb 3`, 'pool', `pool show ${P} pool 4`, `pool show ${P} sb 1 pool 4`, `pool set ${P} pool 0 size 12000000 thtype dynamic`, `pool set ${P} sb 2 pool 4 thtype static size 1`, `port pool show ${P}/1 pool 0`, `port pool set ${P}/1 pool 0 th 15`, `tc bind show ${P}/1 tc 0 type ingress`,
    `tc bind set ${P}/1 tc 7 type egress pool 4 th 9`, `tc bind set ${P}/1 sb 1 th 3 pool 5 type ingress tc 2`, `occupancy snapshot ${P}`, `occupancy clearmax ${P} sb 1`),
  ...lines('dpipe', `header show ${P}`, `table set ${P} name mlxsw_erif counters_enabled true`, `table set ${P} name mlxsw_erif counters false`),
  ...lines('region', '', 'show', `show ${P}/cr-space`, `del ${P}/cr-space snapshot 1`, `new ${P}/cr-space`, `new ${P}/cr-space snapshot 7`, `dump ${P}/cr-space snapshot 1`, `read ${P}/cr-space snapshot 1 address 16 length 32`, `read ${P}/cr-space address 16 length 4`),
  ...lines('health', '', `show ${P} reporter fw`, `show ${P}/1 reporter tx`, `diagnose ${P} reporter fw`, `test ${P} reporter fw`, `dump show ${P}/1 reporter tx`, `set ${P} reporter fw grace_period 3500`, `set ${P}/1 reporter tx auto_recover true auto_dump false`),
  ...lines('trap', '', `show ${P} trap blackhole_route`, `show ${P} name blackhole_route`, `set ${P} trap blackhole_route action trap`, `set ${P} trap blackhole_route action drop`, 'group', `group show ${P} group l3_drops`, `group set ${P} group l3_drops action mirror`, `group set ${P} group l3_drops policer 2`, `group set ${P} group l3_drops nopolicer`,
    'policer', `policer show ${P} policer 1`, `policer set ${P} policer 1 rate 2000 burst 16`, `policer set ${P} policer 1 burst 32`),
  ...lines('lc', '', `show ${P} lc 1`, `set ${P} lc 1 type 16x100G`, `set ${P} lc 1 notype`),
];
