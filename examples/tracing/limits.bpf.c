/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Counts the packets whose length is not within limits; both are global variables, which user space reads and writes as maps. */
#include "tracing.h"

struct __sk_buff {
	u32 len;
};

struct my_config {
	int max;
	int min;
} cfg = {.max = 1500, .min = 64};

int stats;

SECTION("socket") int limits(struct __sk_buff *skb)
{
	u32 length = skb->len;

	if (length < (u32)cfg.min || length > (u32)cfg.max) {
		stats++;
		return 1;
	}
	return 0;
}

LICENCE("GPL");
