/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Verifies every file with a run-length encoding (include/rle.h says which). */
#include "rle.h"

DECIDE int rle_decide(struct compress_ctx *ctx)
{
	return 1;
}

VERIFY int rle_verify(struct compress_ctx *ctx)
{
	s64 size = rle_size(ctx);

	return size < 0 ? -1 : size_after(size);
}

LICENCE("GPL");
