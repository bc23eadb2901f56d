/* What depends on the types of the kernel: fields, types and values, and a program that does not. */
#include "bpfz.h"

#define RELOCATED __attribute__((preserve_access_index))

enum colour { RED, GREEN };

struct inner {
	u32 first;
	u32 numbers[4];
} RELOCATED;

struct task {
	u64 state;
	struct inner inner;
	union {
		u32 either;
		u32 other;
	};
} RELOCATED;

SECTION("raw_tp/field") int field(struct task *task)
{
	return (long)__builtin_preserve_access_index(&task->inner.numbers[2]);
}

SECTION("raw_tp/anonymous") int anonymous(struct task *task)
{
	return __builtin_preserve_field_info(task->other, 2);
}

SECTION("raw_tp/value") int value(void *ctx)
{
	return __builtin_preserve_enum_value(*(enum colour *)GREEN, 1);
}

SECTION("raw_tp/local") int local(void *ctx)
{
	return __builtin_btf_type_id(*(struct task *)0, 0);
}

SECTION("raw_tp/none") int none(void *ctx)
{
	return 1;
}

LICENCE("GPL");
