/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Prints the size of each copy that the kernel makes. memcpy can be probed on kernels as old as 4.12, not on 6.12. */
#include "tracing.h"

SECTION("kprobe/memcpy") int memcpy_kprobe(struct pt_regs *registers)
{
	char format[] = "memcpy size %d\n";

	bpf_trace_printk(format, sizeof(format), ARGUMENT_3(registers));
	return 0;
}

LICENCE("GPL");
