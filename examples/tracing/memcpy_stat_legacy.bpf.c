/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* memcpy_stat.bpf.c as it was written in 2017: the first copy of each size stores 0 here, too. */
#include "legacy.h"

#define STEP 64
#define LAST 1024
#define FULL 0xffffffffU
#define ONLY_NEW 1

struct bpf_map_def LEGACY_MAP my_map = {
	.type = MAP_TYPE_HASH,
	.key_size = sizeof(u64),
	.value_size = sizeof(u32),
	.max_entries = LAST / STEP + 1,
};

SECTION("kprobe/memcpy") int memcpy_stat_legacy(void *registers)
{
	u64 size = 0;
	u32 *count, none = 0;

	legacy_read(&size, sizeof(size), THIRD_ARGUMENT(registers));
	size = (size + STEP - 1) / STEP * STEP;
	if (size > LAST)
		size = LAST;
	count = bpf_map_lookup_elem(&my_map, &size);
	if (count && *count < FULL)
		++*count;
	else
		legacy_update(&my_map, &size, &none, ONLY_NEW);
	return 0;
}

LICENCE("GPL");
FOR_KERNEL(4, 12, 5);
