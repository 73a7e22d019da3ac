/** acpi_event: buttons, lids and batteries, as ACPI tells of them. Source: drivers/acpi/event.c. */
import { attrs, chars, genericFamily, struct, u32 } from '../../codec/index.ts';

/** An event: the kind of device ("button/power"), its name on the bus, and two numbers whose meaning depends on the kind. */
export class AcpiEvent extends struct('acpi_genl_event', { deviceClass: chars(20), busId: chars(15), type: u32, data: u32 }) {}
/** What is told. */
export class AcpiState extends attrs('ACPI_GENL_ATTR_', { event: [1, AcpiEvent] }) {}

/** acpi_event. */
export const acpiEvent = genericFamily('acpi_event', 1, {
  prefix: 'ACPI_GENL_CMD_',
  commands: {
    event: [1, AcpiState],
  },
  groups: { events: 'acpi_mc_group' },
  config: 'CONFIG_ACPI',
});
