/* The types of a later kernel than kernel_before: fields have moved, are wider, have gone. */
#include "bpfz.h"

enum colour { RED = 4, GREEN, BLUE };

struct part {
	u64 before;
	u32 numbers[4];
};

struct thing {
	u64 before;
	union {
		struct {
			unsigned short little;
			unsigned short moved;
		};
		u32 both;
	};
	u64 widened;
	long sign;
	struct part part;
	union {
		u32 other;
		struct {
			u32 inner;
			u32 nested;
		};
	};
	u64 bits : 30;
	u64 more : 7;
	struct part *behind;
};


typedef struct thing thing_t;

thing_t thing;
enum colour colour;
LICENCE("GPL");

/* Of another type than objects take it for. */
int bpf_rcu_read_lock(int flags)
{
	return flags;
}
