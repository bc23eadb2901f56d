/* The types of a kernel. */
#include "bpfz.h"

enum colour { RED, GREEN, PINK = 7 };

struct part {
	u32 numbers[4];
};

struct thing {
	u64 gone;
	u32 moved;
	u32 widened;
	int sign;
	struct part part;
	u32 nested;
	u32 bits : 30;
	u32 more : 7;
	struct part *behind;
};

struct thing thing;
enum colour colour;
LICENCE("GPL");

/* What an object may leave to the kernel. */
void bpf_rcu_read_lock(void)
{
}

struct thing *bpf_prog_fops;
