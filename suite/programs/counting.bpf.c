/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Counts how often each hook is consulted, and keeps what it saw last. */
#include "bpfz.h"

enum {
	ARRAY = 2,
};

static u64 (*const bpf_get_current_uid_gid)(void) = (void *)15;

struct {
	NUMBER(type, ARRAY);
	NUMBER(max_entries, 8);
	TYPE(key, u32);
	TYPE(value, u64);
} seen MAP;

static void put(u32 slot, u64 value)
{
	u64 *element = bpf_map_lookup_elem(&seen, &slot);

	if (element)
		*element = value;
}

static void count(u32 slot)
{
	u64 *element = bpf_map_lookup_elem(&seen, &slot);

	if (element)
		__sync_fetch_and_add(element, 1);
}

/* 0: runs of decide, 1: uid, 2: gid. */
DECIDE int counting_decide(struct compress_ctx *ctx)
{
	count(0);
	put(1, ctx->uid);
	put(2, ctx->gid);
	return 1;
}

/* 3: runs of verify, 4: offset, 5: size, 6: real ids of the caller. */
VERIFY int counting_verify(struct compress_ctx *ctx)
{
	count(3);
	put(4, ctx->offset);
	put(5, ctx->size);
	put(6, bpf_get_current_uid_gid());
	return 1;
}

LICENCE("GPL");
