/* How a capture's thread waits for rig time, and how it is woken to end. */
#ifndef SCOPELOG_EMU_BLOCK_WAIT_H
#define SCOPELOG_EMU_BLOCK_WAIT_H

#include "capture.h"

void emu_wait_init(emu_capture *c);
void emu_wait_destroy(emu_capture *c);
/* Until this rig time. False: cancelled, or the unit is gone. */
bool emu_wait(emu_capture *c, double rig_time);
void emu_wait_cancel(emu_capture *c, emu_status status);

#endif
