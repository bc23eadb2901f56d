/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Verifies every file with the entropy of its bytes: what the best code could do that gives each byte value one code word, whatever
 * stands beside it. Of n bytes, c of which have a certain value, that value's take c * log2(n / c) bits; the sum over all values is
 * n * log2(n) - sum(c * log2(c)), reckoned here with 16 bits behind the point, and divided by 8, rounded up, for bytes. The code table
 * that a real compressor would have to write down is not counted.
 *
 * Each logarithm is at most 2^-16 too small, so the result is at most n / 2^16 bits off, and a byte for the rounding.
 */
#include "chunks.h"

#define FRACTION 16

/* How often each byte value occurs in the data, and a chunk of it; one for each CPU, see struct rle in include/rle.h. */
struct histogram {
	u64 count[256];
	u64 sum;
	u64 failed;
	u8 bytes[CHUNK];
};

struct {
	NUMBER(type, MAP_TYPE_PERCPU_ARRAY);
	NUMBER(max_entries, 1);
	TYPE(key, u32);
	TYPE(value, struct histogram);
} histograms MAP;

struct walk {
	struct compress_ctx *ctx;
	struct histogram *histogram;
};

/* log2(x) with FRACTION bits behind the point, rounded down; x from 1 to 2^32 - 1. */
INLINE u64 log2_fixed(u64 x)
{
	u64 shifted = x;
	u64 whole = 31;
	u64 fraction = 0;

	/* Shifts x until bit 31 is its first, so that x = shifted * 2^(whole - 31). */
	for (u32 step = 16; step > 0; step /= 2) {
		if (shifted < 1ULL << (32 - step)) {
			shifted <<= step;
			whole -= step;
		}
	}
	/* Squaring doubles the logarithm: if it passes 1, the next bit of the fraction is 1. */
	for (u32 bit = 0; bit < FRACTION; bit++) {
		u64 carry;

		shifted = shifted * shifted >> 31;
		carry = shifted >> 32;
		shifted >>= carry;
		fraction = fraction << 1 | carry;
	}
	return whole << FRACTION | fraction;
}

static long count_chunk(u32 index, struct walk *walk)
{
	struct histogram *histogram = walk->histogram;
	s64 size = chunk_fetch(walk->ctx, index, histogram->bytes);

	if (size < 0) {
		histogram->failed = 1;
		return 1;
	}
	for (s64 i = 0; i < CHUNK; i++) {
		if (i >= size)
			break;
		histogram->count[histogram->bytes[i]]++;
	}
	return 0;
}

static long sum_value(u32 index, struct walk *walk)
{
	struct histogram *histogram = walk->histogram;
	u64 count = histogram->count[index & 0xff];

	if (count > 0)
		histogram->sum += count * log2_fixed(count);
	return 0;
}

DECIDE int entropy_decide(struct compress_ctx *ctx)
{
	return 1;
}

VERIFY int entropy_verify(struct compress_ctx *ctx)
{
	u32 zero = 0;
	u64 size = ctx->size;
	u64 bits;
	struct histogram *histogram = bpf_map_lookup_elem(&histograms, &zero);
	struct walk walk = { .ctx = ctx, .histogram = histogram };

	if (!histogram)
		return -1;
	if (size == 0)
		return 0;
	for (u32 i = 0; i < 256; i++) {
		histogram->count[i] = 0;
		BARRIER;
	}
	histogram->sum = 0;
	histogram->failed = 0;
	bpf_loop(chunk_count(ctx), count_chunk, &walk, 0);
	if (histogram->failed)
		return -1;
	bpf_loop(256, sum_value, &walk, 0);
	bits = size * log2_fixed(size) - histogram->sum;
	return size_after((bits + (8 << FRACTION) - 1) >> (FRACTION + 3));
}

LICENCE("GPL");
