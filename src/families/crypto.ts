/** NETLINK_CRYPTO: the kernel's algorithms, as /proc/crypto has them. Source: include/uapi/linux/cryptouser.h, crypto/crypto_user.c. */
import { attrs, chars, message, protocol, struct, u32, u64 } from '../codec/index.ts';

const NAME = chars(64), type = { type: NAME };
export class CryptoUserAlg extends struct('crypto_user_alg', {
  /** "sha256", "cbc(aes)" ... */
  name: NAME,
  /** Which of those that can: "sha256-generic". */
  driverName: NAME,
  moduleName: NAME,
  /** CRYPTO_ALG_*. */
  type: u32,
  mask: u32,
  refcnt: u32,
  flags: u32,
}) {}

export class ReportLarval extends struct('crypto_report_larval', type) {}
/** Sizes are bytes. */
export class ReportHash extends struct('crypto_report_hash', { ...type, blocksize: u32, digestsize: u32 }) {}
export class ReportBlkcipher extends struct('crypto_report_blkcipher', { ...type, geniv: NAME, blocksize: u32, minKeysize: u32, maxKeysize: u32, ivsize: u32 }) {}
export class ReportAead extends struct('crypto_report_aead', { ...type, geniv: NAME, blocksize: u32, maxauthsize: u32, ivsize: u32 }) {}
export class ReportComp extends struct('crypto_report_comp', type) {}
export class ReportRng extends struct('crypto_report_rng', { ...type, seedsize: u32 }) {}
export class ReportCipher extends struct('crypto_report_cipher', { ...type, blocksize: u32, minKeysize: u32, maxKeysize: u32 }) {}
export class ReportAkcipher extends struct('crypto_report_akcipher', type) {}
export class ReportKpp extends struct('crypto_report_kpp', type) {}
export class ReportAcomp extends struct('crypto_report_acomp', type) {}
export class ReportSig extends struct('crypto_report_sig', type) {}

const ciphered = { statEncryptCnt: u64, statEncryptTlen: u64, statDecryptCnt: u64, statDecryptTlen: u64 }, failed = { statErrCnt: u64 };
/** What was done with it: operations and bytes. Kernels 4.20 to 6.7. */
export class StatLarval extends struct('crypto_stat_larval', type) {}
export class StatHash extends struct('crypto_stat_hash', { ...type, statHashCnt: u64, statHashTlen: u64, ...failed }) {}
export class StatCipher extends struct('crypto_stat_cipher', { ...type, ...ciphered, ...failed }) {}
export class StatAead extends struct('crypto_stat_aead', { ...type, ...ciphered, ...failed }) {}
export class StatCompress extends struct('crypto_stat_compress', { ...type, statCompressCnt: u64, statCompressTlen: u64, statDecompressCnt: u64, statDecompressTlen: u64, ...failed }) {}
export class StatRng extends struct('crypto_stat_rng', { ...type, statGenerateCnt: u64, statGenerateTlen: u64, statSeedCnt: u64, ...failed }) {}
export class StatAkcipher extends struct('crypto_stat_akcipher', { ...type, ...ciphered, statVerifyCnt: u64, statSignCnt: u64, ...failed }) {}
export class StatKpp extends struct('crypto_stat_kpp', { ...type, statSetsecretCnt: u64, statGeneratePublicKeyCnt: u64, statComputeSharedSecretCnt: u64, ...failed }) {}

export class CryptoAttrs extends attrs('CRYPTOCFGA_', {
  /** The highest of those with one name is taken. */
  priorityVal: [1, u32],
  reportLarval: [2, ReportLarval], reportHash: [3, ReportHash], reportBlkcipher: [4, ReportBlkcipher], reportAead: [5, ReportAead], reportCompress: [6, ReportComp],
  reportRng: [7, ReportRng], reportCipher: [8, ReportCipher], reportAkcipher: [9, ReportAkcipher], reportKpp: [10, ReportKpp], reportAcomp: [11, ReportAcomp],
  statLarval: [12, StatLarval], statHash: [13, StatHash], statBlkcipher: [14, StatCipher], statAead: [15, StatAead], statCompress: [16, StatCompress],
  statRng: [17, StatRng], statCipher: [18, StatCipher], statAkcipher: [19, StatAkcipher], statKpp: [20, StatKpp], statAcomp: [21, StatCompress],
  reportSig: [22, ReportSig],
}) {}
/** An algorithm; asked for by `name` or `driverName`, or all of them with NLM_F_DUMP. */
export class CryptoAlg extends message('cryptoAlg', CryptoUserAlg, CryptoAttrs) {}

export const crypto = protocol('crypto', 21, {
  prefix: 'CRYPTO_MSG_',
  messages: {
    newalg: [0x10, CryptoAlg], delalg: [0x11, CryptoAlg], updatealg: [0x12, CryptoAlg], getalg: [0x13, CryptoAlg], delrng: [0x14, CryptoAlg], getstat: [0x15, CryptoAlg],
  },
  groups: {},
});
