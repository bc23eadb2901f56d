/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Goes through the written data in chunks, however long it is: 8 Mi calls (the most that bpf_loop makes) of 256 bytes are 2 GiB, and
 * no write is longer.
 */
#ifndef CHUNKS_H
#define CHUNKS_H

#include "bpfz.h"

#define CHUNK 256

/* How many chunks the data has. */
INLINE u32 chunk_count(struct compress_ctx *ctx)
{
	return (ctx->size + CHUNK - 1) / CHUNK;
}

/* Fetches the chunk with a number; its size, or a negative error. Never asks for a byte behind the data, nor for none. */
INLINE s64 chunk_fetch(struct compress_ctx *ctx, u32 index, u8 bytes[CHUNK])
{
	u64 offset = (u64)index * CHUNK;
	u64 size = ctx->size - offset;
	long error;

	if (size > CHUNK)
		size = CHUNK;
	if (size == 0)
		return -1;
	error = bpf_copy_from_buffer(ctx, offset, bytes, size);
	return error ? -1 : (s64)size;
}

/* What verify returns for a size: what does not fit a positive int is cut to the largest. */
INLINE int size_after(u64 size)
{
	return size > 0x7fffffff ? 0x7fffffff : size;
}

#endif
