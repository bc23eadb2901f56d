/* One question of each kind about the types of a kernel, as a function each; kernel_before and kernel_after answer them differently. */
#include "bpfz.h"

#define RELOCATED __attribute__((preserve_access_index))
#define ASK_FIELD(field, what) __builtin_preserve_field_info(field, what)
#define ASK(name) SECTION("raw_tp/" #name) int name(struct thing *thing)

enum { BYTE_OFFSET, BYTE_SIZE, EXISTS, SIGNED, LSHIFT, RSHIFT };
enum { TYPE_ID_LOCAL, TYPE_ID_TARGET };
enum { TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES };
enum { VALUE_EXISTS, VALUE };

enum colour { RED, GREEN, BLUE };
enum colour___old { PINK };

struct part {
	u32 first;
	u32 numbers[4];
} RELOCATED;

struct thing {
	u32 moved;
	u32 widened;
	int sign;
	struct part part;
	struct {
		u32 nested;
	};
	u32 bits : 3;
	u32 more : 7;
	struct part *behind;
} RELOCATED;

/* The same as it once was, with a field that has gone since. */
struct thing___old {
	u64 gone;
} RELOCATED;

struct nowhere {
	u32 field;
} RELOCATED;

ASK(moved) { return thing->moved; }
ASK(widened) { return thing->widened; }
ASK(not_resizable) { return thing->sign; }
ASK(address) { return (long)&thing->part.numbers[2]; }
ASK(nested) { return ASK_FIELD(thing->nested, BYTE_OFFSET); }
ASK(size) { return ASK_FIELD(thing->widened, BYTE_SIZE); }
ASK(is_signed) { return ASK_FIELD(thing->sign, SIGNED); }
ASK(bits_offset) { return ASK_FIELD(thing->more, BYTE_OFFSET); }
ASK(bits_size) { return ASK_FIELD(thing->more, BYTE_SIZE); }
ASK(bits_left) { return ASK_FIELD(thing->more, LSHIFT); }
ASK(bits_right) { return ASK_FIELD(thing->more, RSHIFT); }
ASK(behind) { return (long)thing->behind; }
ASK(old_exists) { return ASK_FIELD(((struct thing___old *)thing)->gone, EXISTS); }
ASK(old_read) { return ((struct thing___old *)thing)->gone; }
ASK(type_exists) { return __builtin_preserve_type_info(*(struct thing *)0, TYPE_EXISTS); }
ASK(nowhere_exists) { return __builtin_preserve_type_info(*(struct nowhere *)0, TYPE_EXISTS); }
ASK(nowhere_size) { return __builtin_preserve_type_info(*(struct nowhere *)0, TYPE_SIZE); }
ASK(type_size) { return __builtin_preserve_type_info(*(struct thing *)0, TYPE_SIZE); }
ASK(local_id) { return __builtin_btf_type_id(*(struct thing *)0, TYPE_ID_LOCAL); }
ASK(target_id) { return __builtin_btf_type_id(*(struct part *)0, TYPE_ID_TARGET); }
ASK(value) { return __builtin_preserve_enum_value(*(enum colour *)GREEN, VALUE); }
ASK(value_exists) { return __builtin_preserve_enum_value(*(enum colour *)BLUE, VALUE_EXISTS); }
ASK(old_value) { return __builtin_preserve_enum_value(*(enum colour___old *)PINK, VALUE_EXISTS); }

LICENCE("GPL");
