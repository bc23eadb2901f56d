/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* Every file is under verification; what is written keeps its size, or half of it. */
#include "bpfz.h"

DECIDE int on(struct compress_ctx *ctx)
{
	return 1;
}

VERIFY int size(struct compress_ctx *ctx)
{
	return ctx->size;
}

VERIFY int half(struct compress_ctx *ctx)
{
	return ctx->size >> 1;
}

LICENCE("GPL");
