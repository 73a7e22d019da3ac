/** Links that encrypt, their channels, associations and counters, as `ip macsec` prints them. */
import { suiteName } from '../ip/kinds/macsec.ts';
import { bytes, counter, via } from './formats.ts';
import type { Cell, Format, Json, Printer, Sheet } from './printer.ts';

const indent = '    ';

/** A switch, by the word for it. */
const flag = (word: string, key: string): Cell => [word, `${word} % `, key, { text: (value) => (value ? 'on' : 'off'), json: Boolean }];
const state = (text: string): Cell => ['active', text, 'active', { text: (value) => (value ? 'on' : 'off'), json: Boolean }];
/** Digits to a width in text; in JSON C's %#llx. */
const identifier = (digits: number): Format => ({ text: (value) => BigInt(value as bigint).toString(16).padStart(digits, '0'), json: (value) => (Number(value) === 0 ? '0' : `0x${BigInt(value as bigint).toString(16)}`) });

const secy: Sheet = [
  flag('protect', 'protect'),
  ['validate', 'validate % ', 'validate'],
  // iproute2 reads these two from the number of the association that sends, which has the number that they would have elsewhere.
  flag('sc', 'encodingSa'), flag('sa', 'encodingSa'),
  flag('encrypt', 'encrypt'), flag('send_sci', 'incSci'), flag('end_station', 'es'), flag('scb', 'scb'), flag('replay', 'replay'),
  ['window', 'window % ', 'window'],
  (printer) => printer.newline(),
  ['cipher_suite', `${indent}cipher suite: %,`, 'cipherSuite', via(suiteName)],
  ['icv_length', ' using ICV length %\n', 'icvLen'],
  ['sci', `${indent}TXSC: %`, 'sci', identifier(16)],
  ['encoding_sa', ' on SA %\n', 'encodingSa'],
];

/** Counters by the key of the schema; the names are those of the standard, IEEE 802.1AE. */
const names = {
  secy: { outPktsUntagged: 'OutPktsUntagged', inPktsUntagged: 'InPktsUntagged', outPktsTooLong: 'OutPktsTooLong', inPktsNoTag: 'InPktsNoTag', inPktsBadTag: 'InPktsBadTag', inPktsUnknownSci: 'InPktsUnknownSCI', inPktsNoSci: 'InPktsNoSCI', inPktsOverrun: 'InPktsOverrun' },
  txsc: { outPktsProtected: 'OutPktsProtected', outPktsEncrypted: 'OutPktsEncrypted', outOctetsProtected: 'OutOctetsProtected', outOctetsEncrypted: 'OutOctetsEncrypted' },
  rxsc: {
    inOctetsValidated: 'InOctetsValidated', inOctetsDecrypted: 'InOctetsDecrypted', inPktsUnchecked: 'InPktsUnchecked', inPktsDelayed: 'InPktsDelayed', inPktsOk: 'InPktsOK',
    inPktsInvalid: 'InPktsInvalid', inPktsLate: 'InPktsLate', inPktsNotValid: 'InPktsNotValid', inPktsNotUsingSa: 'InPktsNotUsingSA', inPktsUnusedSa: 'InPktsUnusedSA',
  },
  txsa: { outPktsProtected: 'OutPktsProtected', outPktsEncrypted: 'OutPktsEncrypted' },
  rxsa: { inPktsOk: 'InPktsOK', inPktsInvalid: 'InPktsInvalid', inPktsNotValid: 'InPktsNotValid', inPktsNotUsingSa: 'InPktsNotUsingSA', inPktsUnusedSa: 'InPktsUnusedSA' },
} as const;

/** With -s: a line of names, and the numbers right below them. */
function counters(printer: Printer, shown: Readonly<Record<string, string>>, given: unknown): void {
  if (given === undefined || printer.statistics === 0) return;
  const stats = given as Json, columns = Object.entries(shown);
  printer.text(`${indent}stats:${columns.map(([, name]) => ` ${name}`).join('')}\n${indent}      ${columns.map(([key, name]) => String(stats[key] ?? '-').padStart(name.length + 1)).join('')}\n`);
  for (const [key, name] of columns) printer.value(name, null, stats[key], counter);
}

const association: Sheet = [
  ['an', `${indent}${indent}%:`, 'an'],
  ['pn', ' PN %,', 'pn', counter],
  ['ssci', 'SSCI %', 'ssci', identifier(8)],
  state(' state %,'),
  ['key', ' key %\n', 'keyid', via(bytes)],
];

function associations(printer: Printer, list: unknown, shown: Readonly<Record<string, string>>): void {
  printer.array('sa_list', () => {
    for (const sa of (list ?? []) as Json[]) {
      printer.object(null, () => {
        printer.sheet(association, sa);
        counters(printer, shown, sa['stats']);
      });
    }
  });
}

const channel: Sheet = [['sci', `${indent}RXSC: %,`, 'sci', identifier(16)], state(' state %\n')];
const offload: Sheet = [['offload', `${indent}offload: % `, 'offload.type']];

export function printMacsec(printer: Printer, body: Json): void {
  printer.object(null, () => {
    printer.value('ifindex', '%: ', body['ifindex']);
    printer.value('ifname', '%: ', printer.context.links.name(Number(body['ifindex'])), { paint: 'ifname' });
    printer.sheet(secy, body['secy'] as Json);
    counters(printer, names.secy, body['secyStats']);
    counters(printer, names.txsc, body['txscStats']);
    associations(printer, body['txsaList'], names.txsa);
    printer.array('rx_sc', () => {
      for (const one of (body['rxscList'] ?? []) as Json[]) {
        printer.object(null, () => {
          printer.sheet(channel, one);
          counters(printer, names.rxsc, one['stats']);
          associations(printer, one['saList'], names.rxsa);
        });
      }
    });
    if (body['offload'] !== undefined) {
      printer.sheet(offload, body);
      printer.newline();
    }
  });
}
