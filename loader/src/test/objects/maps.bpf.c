/* Maps with every field that a definition may have. */
#include "bpfz.h"

#define LONG_NUMBER(name, number) enum { name##_value = number } name

struct key {
	u32 major, minor;
};

struct value {
	u64 first, last;
};

struct inner {
	NUMBER(type, 2);
	NUMBER(max_entries, 3);
	TYPE(key, u32);
	TYPE(value, u64);
};

struct inner inner_one MAP;
struct inner inner_two MAP;

struct {
	NUMBER(type, 1);
	NUMBER(max_entries, 64);
	NUMBER(map_flags, 1);
	TYPE(key, struct key);
	TYPE(value, struct value);
} devices MAP;

struct {
	NUMBER(type, 2);
	NUMBER(max_entries, 8);
	NUMBER(key_size, 4);
	NUMBER(value_size, 24);
} untyped MAP;

struct {
	NUMBER(type, 12);
	NUMBER(max_entries, 4);
	TYPE(key, u32);
	struct inner *values[];
} outer MAP = { .values = { 0, &inner_two, 0, &inner_one } };

struct {
	NUMBER(type, 27);
	NUMBER(max_entries, 5000);
} events MAP;

struct {
	NUMBER(type, 30);
	NUMBER(max_entries, 100);
	TYPE(value, u32);
	NUMBER(map_extra, 5);
} seen MAP;

SECTION("socket") int use(void *ctx);

struct {
	NUMBER(type, 3);
	NUMBER(max_entries, 2);
	TYPE(key, u32);
	int (*values[])(void *);
} programs MAP = { .values = { 0, use } };

SECTION("socket") int use(void *ctx)
{
	struct key key = { 1, 2 };
	struct value *value = bpf_map_lookup_elem(&devices, &key);
	u32 index = 3;
	u64 *number = bpf_map_lookup_elem(&untyped, &index);

	return (value ? value->last : 0) + (number ? *number : 0);
}

LICENCE("GPL");
