/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Verifies the files of chosen users: those whose uid is in the map with a value other than 0. */
#include "bpfz.h"

struct {
	NUMBER(type, MAP_TYPE_HASH);
	NUMBER(max_entries, 1024);
	TYPE(key, u32);
	TYPE(value, u32);
} verified_users MAP;

DECIDE int policy_decide(struct compress_ctx *ctx)
{
	u32 uid = ctx->uid;
	u32 *verified = bpf_map_lookup_elem(&verified_users, &uid);

	return verified && *verified;
}

VERIFY int policy_verify(struct compress_ctx *ctx)
{
	return bpf_lzo_compress(ctx);
}

LICENCE("GPL");
