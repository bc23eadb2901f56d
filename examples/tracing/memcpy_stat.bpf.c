/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Counts the copies that the kernel makes by their size, rounded up to 64 bytes. A size's first copy stores 0: the program that this one is
 * written after does so, and is followed.
 */
#include "tracing.h"

#define STEP 64
#define LAST 1024
#define UINT_MAX 0xffffffffU

struct {
	NUMBER(type, MAP_TYPE_HASH);
	NUMBER(max_entries, LAST / STEP + 1);
	TYPE(key, u64);
	TYPE(value, u32);
} my_map MAP;

SECTION("kprobe/memcpy") int memcpy_stat(struct pt_regs *registers)
{
	u64 size = ARGUMENT_3(registers);
	u32 *count, start = 0;

	if (size % STEP)
		size += STEP - size % STEP;
	if (size > LAST)
		size = LAST;
	count = bpf_map_lookup_elem(&my_map, &size);
	if (count && *count < UINT_MAX)
		*count = *count + 1;
	else
		bpf_map_update_elem(&my_map, &size, &start, NOEXIST);
	return 0;
}

LICENCE("GPL");
