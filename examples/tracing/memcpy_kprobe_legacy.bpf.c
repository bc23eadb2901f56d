/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* memcpy_kprobe.bpf.c as it was written in 2017. */
#include "legacy.h"

SECTION("kprobe/memcpy") int memcpy_kprobe_legacy(void *registers)
{
	char format[] = "memcpy size %d\n";
	u64 size;

	legacy_read(&size, sizeof(size), THIRD_ARGUMENT(registers));
	legacy_print(format, sizeof(format), size);
	return 0;
}

LICENCE("GPL");
FOR_KERNEL(4, 12, 5);
