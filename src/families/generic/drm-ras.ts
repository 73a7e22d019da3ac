/** drm-ras: errors that graphics devices count. Source: include/uapi/drm/drm_ras.h, drivers/gpu/drm/drm_ras.c. */
import { attrs, enumeration, genericFamily, string, u32 } from '../../codec/index.ts';

/** What is counted. */
export const drmRasNodeType = enumeration(u32, { errorCounter: 1 }, 'DRM_RAS_NODE_TYPE_');

/** What counts. */
export class DrmRasNode extends attrs('DRM_RAS_A_NODE_ATTRS_', {
  nodeId: [1, u32],
  deviceName: [2, string],
  nodeName: [3, string],
  nodeType: [4, drmRasNodeType],
}) {}

/** A count of errors. */
export class DrmRasCounter extends attrs('DRM_RAS_A_ERROR_COUNTER_ATTRS_', { nodeId: [1, u32], errorId: [2, u32], errorName: [3, string], errorValue: [4, u32] }) {}

/** drm-ras. */
export const drmRas = genericFamily('drm-ras', 1, {
  prefix: 'DRM_RAS_CMD_',
  commands: {
    listNodes: [1, DrmRasNode],
    getErrorCounter: [2, DrmRasCounter],
    clearErrorCounter: [3, DrmRasCounter],
  },
});
