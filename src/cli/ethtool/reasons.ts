/** Why a link has no carrier, in words (ETHTOOL_LINK_EXT_STATE_*, ETHTOOL_LINK_EXT_SUBSTATE_*). */

/** Of each state: its words, and those of what is more exactly so, numbered from 1. */
const states: Readonly<Record<string, readonly [words: string, ...more: string[]]>> = {
  autoneg: ['Autoneg', 'No partner detected', 'Ack not received', 'Next page exchange failed', 'No partner detected during force mode', 'FEC mismatch during override', 'No HCD'],
  linkTrainingFailure: ['Link training failure', 'KR frame lock not acquired', 'KR link inhibit timeout', 'KR Link partner did not set receiver ready', 'Remote side is not ready yet'],
  linkLogicalMismatch: ['Logical mismatch', 'PCS did not acquire block lock', 'PCS did not acquire AM lock', 'PCS did not get align_status', 'FC FEC is not locked', 'RS FEC is not locked'],
  badSignalIntegrity: ['Bad signal integrity', 'Large number of physical errors', 'Unsupported rate', 'Serdes reference clock lost', 'Serdes ALOS'],
  noCable: ['No cable'],
  cableIssue: ['Cable issue', 'Unsupported cable', 'Cable test failure'],
  eepromIssue: ['EEPROM issue'],
  calibrationFailure: ['Calibration failure'],
  powerBudgetExceeded: ['Power budget exceeded'],
  overheat: ['Overheat'],
  module: ['Module', 'CMIS module is not in ModuleReady state'],
  otpSpeedViolation: ['OTP speed violation'],
  bmcRequestDown: ['BMC request down'],
};

/** ` (Autoneg, No partner detected)` */
export function reason(state: string | number, more: number | undefined): string {
  const [words = String(state), ...others] = states[state] ?? [];
  return ` (${words}${more === undefined ? '' : `, ${others[more - 1] ?? more}`})`;
}
