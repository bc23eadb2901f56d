/* Definitions that not every machine can create: pinned, on a NUMA node, with a long number. */
#include "bpfz.h"

struct {
	NUMBER(type, 1);
	NUMBER(max_entries, 16);
	NUMBER(map_flags, 4);
	NUMBER(numa_node, 1);
	NUMBER(pinning, 1);
	TYPE(key, u32);
	TYPE(value, u32);
} shared MAP;

struct {
	NUMBER(type, 33);
	NUMBER(map_flags, 1 << 10);
	NUMBER(max_entries, 10);
	enum { arena_extra = 1 << 30 } map_extra;
} arena MAP;

SECTION("socket") int use(void *ctx)
{
	u32 key = 1;

	return bpf_map_lookup_elem(&shared, &key) != 0;
}

LICENCE("GPL");
