/* Map definitions from before BTF, with more fields than any loader knows, and a version. */
#include "bpfz.h"

struct definition {
	u32 type, key_size, value_size, max_entries, flags;
	u32 more[4];
};

struct definition sizes SECTION("maps") = { .type = 2, .key_size = 4, .value_size = 8, .max_entries = 18 };
struct definition hash SECTION("maps") = { .type = 1, .key_size = 8, .value_size = 4, .max_entries = 5, .flags = 1 };

SECTION("kprobe/memcpy") int count(void *ctx)
{
	u32 key = 1;
	u64 large = 2;
	u64 *value = bpf_map_lookup_elem(&sizes, &key);

	return value && bpf_map_lookup_elem(&hash, &large) ? *value : 0;
}

LICENCE("GPL");
u32 kernel_version SECTION("version") = 0x040c05;
