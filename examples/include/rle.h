/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The size of the data in the run-length encoding that PackBits made known: a run of 3 to 128 equal bytes takes 2 bytes, everything
 * else is copied in pieces of 1 to 128 bytes, each behind one byte with its length. Runs are taken from left to right as long as they
 * get; what is left of a longer run begins a new one.
 */
#ifndef RLE_H
#define RLE_H

#include "chunks.h"

#define LONGEST 128
#define SHORTEST_RUN 3

/*
 * The state of the encoder. It stands in a map for the verifier's sake: a number that was read from a map is unknown to it, whereas of
 * one on the stack or in a register it would try every value that it takes, byte by byte.
 *
 * One for each CPU is enough where the kernel does not let a program run on a CPU while another run of it is under way there, as its
 * trampolines do.
 */
struct rle {
	u64 encoded; /* bytes so far, without the run that is still open */
	u64 copied; /* bytes in the open piece of copied ones */
	u64 run; /* bytes in the open run */
	u64 failed; /* whether a chunk could not be fetched */
	u8 last; /* what the open run consists of */
	u8 bytes[CHUNK];
};

struct {
	NUMBER(type, MAP_TYPE_PERCPU_ARRAY);
	NUMBER(max_entries, 1);
	TYPE(key, u32);
	TYPE(value, struct rle);
} rle_states MAP;

struct rle_walk {
	struct compress_ctx *ctx;
	struct rle *rle;
};

/* Copies one byte: behind those of the open piece if it has room, else into a new one. */
INLINE void rle_copy(struct rle *rle)
{
	if (rle->copied == LONGEST)
		rle->copied = 0;
	rle->encoded += rle->copied == 0 ? 2 : 1;
	rle->copied++;
}

INLINE void rle_close_run(struct rle *rle)
{
	if (rle->run >= SHORTEST_RUN) {
		rle->encoded += 2;
		rle->copied = 0;
	} else {
		if (rle->run > 0)
			rle_copy(rle);
		if (rle->run > 1)
			rle_copy(rle);
	}
	rle->run = 0;
}

INLINE void rle_byte(struct rle *rle, u8 byte)
{
	if (byte != rle->last || rle->run == LONGEST)
		rle_close_run(rle);
	rle->last = byte;
	rle->run++;
}

static long rle_chunk(u32 index, struct rle_walk *walk)
{
	struct rle *rle = walk->rle;
	s64 size = chunk_fetch(walk->ctx, index, rle->bytes);

	if (size < 0) {
		rle->failed = 1;
		return 1;
	}
	for (s64 i = 0; i < CHUNK; i++) {
		if (i >= size)
			break;
		rle_byte(rle, rle->bytes[i]);
		BARRIER;
	}
	return 0;
}

/* The size of the data in ctx, or a negative error. */
INLINE s64 rle_size(struct compress_ctx *ctx)
{
	u32 zero = 0;
	struct rle *rle = bpf_map_lookup_elem(&rle_states, &zero);
	struct rle_walk walk = { .ctx = ctx, .rle = rle };

	if (!rle)
		return -1;
	rle->encoded = 0;
	rle->copied = 0;
	rle->run = 0;
	rle->failed = 0;
	rle->last = 0;
	bpf_loop(chunk_count(ctx), rle_chunk, &walk, 0);
	if (rle->failed)
		return -1;
	rle_close_run(rle);
	return rle->encoded;
}

#endif
