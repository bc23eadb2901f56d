/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Verifies every file with LZO and with a run-length encoding, and counts the smaller of the two. */
#include "rle.h"

DECIDE int combined_decide(struct compress_ctx *ctx)
{
	return 1;
}

VERIFY int combined_verify(struct compress_ctx *ctx)
{
	s32 lzo = bpf_lzo_compress(ctx);
	s64 rle = rle_size(ctx);

	if (lzo < 0 || rle < 0)
		return -1;
	return rle < lzo ? size_after(rle) : lzo;
}

LICENCE("GPL");
